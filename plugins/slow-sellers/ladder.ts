import { formatMoney } from 'entrepot/sdk'
import { addDays } from './days.ts'
import type { Settings, StepKind } from './settings.ts'

/** A step that was taken, refused or taken back, or that the control group stood out. */
export type Taken = { kind: StepKind; day: string; status: 'applied' | 'held_back' | 'rejected' | 'undone' }

/** What the next step of a listing depends on. */
export type Climber = {
  priceMinor: number | null
  saleMinor: number | null
  floorMinor: number | null
  currency: string
  wanting: readonly string[]
  /** Live listings of the same variant elsewhere: its base price is theirs too. */
  otherListings: number
  /** What was bought together with it, and in how many orders. */
  partner: { sku: string; orders: number } | null
  taken: readonly Taken[]
}

/** A step to take; `note` says what it is in words. */
export type NextStep = { kind: StepKind; fromMinor: number | null; toMinor: number | null; note: string }

type Policy = Pick<
  Settings,
  'waitDays' | 'repricePercent' | 'promotePercent' | 'promoteDays' | 'leastTogether'
>

/**
 * The next step of a slow listing; null while the last one has not had its time, or when none is left. What makes no
 * sense for the listing is passed over. Steps of a time in which it was not slow do not count.
 */
export function nextStep(
  climber: Climber,
  today: string,
  ladder: readonly StepKind[],
  policy: Policy,
): NextStep | null {
  const last = climber.taken
    .map(({ day }) => day)
    .toSorted()
    .at(-1)
  if (last !== undefined && addDays(last, policy.waitDays) > today) return null
  // A step that came to be possible later than a harsher one is not gone back to.
  const highest = Math.max(-1, ...climber.taken.map(({ kind }) => ladder.indexOf(kind)))
  for (const kind of ladder.slice(highest + 1)) {
    const step = climb[kind](climber, policy)
    if (step) return { kind, ...step }
  }
  return null
}

type Step = Omit<NextStep, 'kind'> | null

const climb: Record<StepKind, (climber: Climber, policy: Policy) => Step> = {
  improve: ({ wanting }) =>
    wanting.length === 0 ? null : { fromMinor: null, toMinor: null, note: `wanting: ${wanting.join(', ')}` },
  // A base price holds on every connection: where the goods stand elsewhere too, only a promotion is local.
  reprice: (climber, { repricePercent }) =>
    climber.otherListings > 0 ? null : lower(climber, repricePercent),
  promote: (climber, { promotePercent }) =>
    climber.saleMinor === null ? lower(climber, promotePercent) : null,
  bundle: ({ partner }, { leastTogether }) =>
    partner === null || partner.orders < leastTogether
      ? null
      : {
          fromMinor: null,
          toMinor: null,
          note: `bought together with ${partner.sku} in ${partner.orders} orders`,
        },
  end: () => ({ fromMinor: null, toMinor: null, note: 'off the shelf' }),
}

/** A lower price that keeps the floor; null where there is no floor to keep, or no room above it. */
export function lower({ priceMinor, floorMinor, currency }: Climber, percent: number): Step {
  if (priceMinor === null || floorMinor === null) return null
  const toMinor = Math.max(floorMinor, Math.ceil((priceMinor * (100 - percent)) / 100))
  if (toMinor >= priceMinor || toMinor <= 0) return null
  const money = (minor: number) => formatMoney({ minor, currency })
  const note = `${money(priceMinor)} to ${money(toMinor)}, floor ${money(floorMinor)}`
  return { fromMinor: priceMinor, toMinor, note }
}

/**
 * How many listings of a connection a run may act on: what a run may, and what the share of live listings leaves after
 * what was done lately. A shop so small that the share is less than one listing may still change one.
 */
export function roomFor(
  { live, lately }: { live: number; lately: number },
  { listingsPerRun, capPercent }: Pick<Settings, 'listingsPerRun' | 'capPercent'>,
): number {
  const share = Math.floor((live * capPercent) / 100)
  const cap = capPercent > 0 && live > 0 ? Math.max(1, share) : 0
  return Math.max(0, Math.min(listingsPerRun, cap - lately))
}
