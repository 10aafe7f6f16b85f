import { InputError } from 'entrepot/sdk'

/** A day as YYYY-MM-DD. @throws InputError */
export function parseDay(text: string, field: string): string {
  const at = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
    throw new InputError(`"${text}" is no day such as 2026-03-01.`, field)
  return text
}

/** Days from `from` to `to`, both taken in, in UTC; without them the last 30 days up to today. @throws InputError */
export function readPeriod(
  given: { from?: string | undefined; to?: string | undefined },
  now: Date,
): { from: Date; to: Date } {
  const dayMs = 86_400_000
  const last = parseDay(given.to ?? now.toISOString().slice(0, 10), 'to')
  const to = new Date(Date.parse(`${last}T00:00:00Z`) + dayMs)
  const from =
    given.from === undefined
      ? new Date(to.getTime() - 30 * dayMs)
      : new Date(`${parseDay(given.from, 'from')}T00:00:00Z`)
  if (from >= to) throw new InputError('The period ends before it begins.', 'from')
  return { from, to }
}
