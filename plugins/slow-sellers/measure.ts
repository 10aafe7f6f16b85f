import { sql } from 'drizzle-orm'
import { type Executor, query } from 'entrepot/sdk'
import type { Settings, StepKind } from './settings.ts'

type Side = { listings: number; before: number | null; after: number | null }

/** What a kind of step did, against the listings that were held back when it was their turn. */
export type Effect = {
  kind: StepKind
  treated: Side
  control: Side
  /** Units a day and listing: the change of the treated less the change of the control; null where too few. */
  difference: number | null
  because: string
}

type Row = {
  kind: StepKind
  isControl: boolean
  listings: number
  before: number | null
  after: number | null
}

/**
 * Units a day and listing before and after a step, where all its days have passed. A day without a row is one without
 * a sale; listings whose sales come from snapshots are left out, because their days have gaps.
 */
export async function measureEffect(
  db: Executor,
  today: string,
  { effectDays, leastSample }: Pick<Settings, 'effectDays' | 'leastSample'>,
): Promise<Effect[]> {
  const found = await query<Row>(
    db,
    sql`
    with entered as (
      select step.listing_id, step.kind, step.status = 'held_back' as is_control, min(step.day) as day
      from slow_sellers_steps step join slow_sellers_goods goods using (listing_id)
      where step.status in ('applied', 'held_back') and goods.sales_from = 'orders' group by 1, 2, 3
    ), moved as (
      select entered.listing_id, entered.kind, entered.is_control,
        coalesce(sum(sold.units) filter (where sold.day < entered.day), 0)::float8 / ${effectDays}::int as before,
        coalesce(sum(sold.units) filter (where sold.day >= entered.day), 0)::float8 / ${effectDays}::int as after
      from entered join slow_sellers_goods goods using (listing_id) join slow_sellers_sources source using (connection_id)
      left join slow_sellers_days sold on sold.listing_id = entered.listing_id
        and sold.day >= entered.day - ${effectDays}::int and sold.day < entered.day + ${effectDays}::int
      where entered.day + ${effectDays}::int <= ${today}::date and source.first_day <= entered.day - ${effectDays}::int group by 1, 2, 3
    )
    select kind, is_control as "isControl", count(*)::int as listings, avg(before) as before, avg(after) as after from moved group by 1, 2 order by 1, 2`,
  )
  return [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, sides]) =>
    toEffect(kind, sides, { effectDays, leastSample }),
  )
}

const none: Side = { listings: 0, before: null, after: null }

/** Difference in differences of both sides, or that there is too little to say so. */
export function toEffect(
  kind: StepKind,
  sides: readonly (Side & { isControl: boolean })[],
  { effectDays, leastSample }: Pick<Settings, 'effectDays' | 'leastSample'>,
): Effect {
  const sideOf = (isControl: boolean): Side => {
    const side = sides.find((row) => row.isControl === isControl)
    return side ? { listings: side.listings, before: side.before, after: side.after } : none
  }
  const treated = sideOf(false)
  const control = sideOf(true)
  const isEnough = treated.listings >= leastSample && control.listings >= leastSample
  const samples = `${treated.listings} treated, ${control.listings} held back`
  return {
    kind,
    treated,
    control,
    difference: isEnough ? treated.after! - treated.before! - (control.after! - control.before!) : null,
    because: isEnough
      ? `Units a day and listing in the ${effectDays} days after less before: ${change(treated)} treated, ${change(control)} held back (${samples}).`
      : `No data: ${samples}; at least ${leastSample} of each must be ${effectDays} days past their step.`,
  }
}

const change = ({ before, after }: Side): string => `${before!.toFixed(3)} to ${after!.toFixed(3)}`

/** What the ladder has freed. */
export type Freed = {
  currency: string
  /** Cost of the units that went since the first step; null where no cost is known. */
  capitalMinor: number | null
  /** Listings whose units went but whose cost nobody knows. */
  unknownCost: number
  /** Cost of what ended listings held: no longer on sale there, not yet money. */
  shelvedMinor: number | null
  /** Listings that were ended and are off the shelf. */
  slots: number
}

/** Capital and slots that applied steps freed, by currency. What was undone counts for nothing. */
export function measureFreed(db: Executor): Promise<Freed[]> {
  return query(
    db,
    sql`
    with acted as (
      select distinct on (step.variant_id) step.currency, greatest(0, step.on_hand - goods.on_hand) as gone, step.cost_minor
      from slow_sellers_steps step join slow_sellers_goods goods using (listing_id)
      where step.status = 'applied' and step.on_hand is not null order by step.variant_id, step.day, step.id
    ), ended as (
      select step.currency, count(distinct step.listing_id)::int as slots, sum(step.on_hand::bigint * step.cost_minor)::float8 as shelved
      from slow_sellers_steps step left join slow_sellers_goods goods using (listing_id)
      where step.status = 'applied' and step.kind = 'end' and goods.status is distinct from 'live' group by 1
    ), capital as (
      select currency, sum(gone * cost_minor)::float8 as minor, (count(*) filter (where gone > 0 and cost_minor is null))::int as unknown from acted group by 1
    )
    select currency, capital.minor as "capitalMinor", coalesce(capital.unknown, 0) as "unknownCost", ended.shelved as "shelvedMinor", coalesce(ended.slots, 0) as slots
    from capital full join ended using (currency) order by currency`,
  )
}
