import { endOf } from './postcodes.ts'
import type { PostcodeRange } from './rate-card.ts'

/** What is wrong with a card: where in the document, what, and what to do. */
export type Fault = { path: readonly (string | number)[]; message: string }

/** Names that stand twice. */
export function findTwins(names: readonly string[], path: Fault['path'], what: string): Fault[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: [...path, index],
            message: `The ${what} "${name}" stands here twice. Remove or rename one.`,
          },
        ],
  )
}

export const saysRange = ({ from, to }: PostcodeRange) => (from === to ? from : `${from} to ${to}`)

export const isBackward = ({ from, to }: PostcodeRange) => endOf(to) <= from
export const saysBackward = (range: PostcodeRange) =>
  `The postcodes ${saysRange(range)} run backward. Put the lower bound first.`
