import { formatMoney } from 'entrepot/sdk'
import type { StepPayload } from './kinds.ts'
import type { NextStep } from './ladder.ts'
import type { Settings, StepKind } from './settings.ts'
import type { Candidate, Shop } from './steps.ts'

/** A slow listing and the step that is its turn. */
export type Picked = { candidate: Candidate; step: NextStep }

/** What of a listing the proposal holds on to. */
export const toItem = (found: Candidate, step: NextStep): StepPayload['items'][number] => ({
  listingId: found.listingId,
  variantId: found.variantId,
  sku: found.sku,
  currency: found.currency,
  fromMinor: step.fromMinor,
  toMinor: step.toMinor,
  onHand: found.onHand,
  costMinor: found.costMinor,
  note: step.note,
})

/** The line of a listing, before and after. */
export function toDiff(found: Candidate, { kind, fromMinor, toMinor, note }: NextStep) {
  const money = (minor: number | null) =>
    minor === null ? null : formatMoney({ minor, currency: found.currency })
  const about = { subject: found.sku }
  if (kind === 'reprice' || kind === 'promote')
    return {
      ...about,
      field: kind === 'reprice' ? 'price' : 'promotional price',
      from: money(fromMinor),
      to: money(toMinor),
    }
  if (kind === 'end') return { ...about, field: 'status', from: 'live', to: 'ended' }
  return { ...about, field: kind === 'improve' ? 'listing' : 'bundle', from: null, to: note }
}

export const titleOf: Record<StepKind, (count: number) => string> = {
  improve: (count) => `Better ${count} slow listings`,
  reprice: (count) => `Reprice ${count} slow listings`,
  promote: (count) => `Promote ${count} slow listings`,
  bundle: (count) => `Offer ${count} slow listings in bundles`,
  end: (count) => `End ${count} slow listings`,
}

/** Why, with the figures of the listings that bind the most. */
export function reasonOf(mine: readonly Picked[], shop: Shop, settings: Settings): string {
  const lines = mine.slice(0, 10).map(({ candidate: found, step }) => {
    const cover = found.coverDays === null ? 'cover no data' : `cover ${Math.round(found.coverDays)} days`
    const age = found.stockAgeDays === null ? 'age no data' : `oldest unit ${found.stockAgeDays} days`
    const bound =
      found.boundMinor === null
        ? 'money bound no data'
        : `binds ${formatMoney({ minor: found.boundMinor, currency: found.currency })}`
    return `${found.sku}: ${found.units} units in ${found.daysInStock} days in stock, ${cover}, ${age}, ${bound} (${found.reasons.join(', ')}); ${step.note}`
  })
  const rest = mine.length > lines.length ? [`… and ${mine.length - lines.length} more.`] : []
  return [
    `${mine.length} of ${shop.live} live listings, judged over ${settings.windowDays} days. At most ${settings.capPercent} % of them are acted on within ${settings.capDays} days; ${shop.lately} were lately. The control group of ${settings.controlPercent} % is left out.`,
    ...lines,
    ...rest,
  ].join('\n')
}
