import { type SQL, sql } from 'drizzle-orm'
import type { Settings } from './settings.ts'

export const verdicts = ['slow', 'fine', 'unknown', 'new', 'out_of_stock', 'not_goods'] as const
export type Verdict = (typeof verdicts)[number]

/** Why a verdict was given. */
export const reasons = [
  'few_sales',
  'long_cover',
  'old_stock',
  'low_return',
  'no_sales_figure',
  'stock_not_kept',
  'short_record',
  'mostly_out',
  'none_on_hand',
  'in_grace',
] as const
export type Reason = (typeof reasons)[number]

/** Seasons beyond these factors say more of thin data than of the season. */
const seasonBounds = { least: 0.25, most: 4 }
/** Units that a category must have sold in a year before its seasons mean something. */
const leastSeasonUnits = 50

export type AnalysisInput = {
  /** The day that is not judged any more: the window ends before it. */
  until: string
  settings: Settings
  /** Rows as of slow_sellers_goods; the live ones unless given. */
  goods?: SQL
}

/** What the analysis needs of goods, and no more: a million of them are held at once. */
const goodsColumns =
  sql.raw(`listing_id, connection_id, variant_id, sku, category_key, is_goods, currency, price_minor, sale_minor,
  cost_minor, on_hand, is_stock_kept, oldest_on, mean_on, created_on, sales_from`)

/** Listings that stand on the shelf now. */
export const liveGoods = sql`select ${goodsColumns} from slow_sellers_goods where status = 'live'`

/** Keeps PostgreSQL from writing a step's terms out again wherever the next ones name them: each is worked out once. */
const once = sql`offset 0`

/**
 * The whole analysis as one statement: a row a listing with its figures, its verdict and why. Sales are read once;
 * the seasons of categories come from the same sums. What is not known is null.
 */
export function analysis({ until, settings, goods = liveGoods }: AnalysisInput): SQL {
  const day = sql`${until}::date`
  const start = sql`(${day} - ${settings.windowDays}::int)`
  return sql`
  with goods as (${goods}),
  policy as (
    select * from jsonb_to_recordset(${JSON.stringify(settings.categoryPolicies)}::text::jsonb) as item(
      "categoryKey" text, "graceDays" int, "coverDays" int, "stockAgeDays" int, "leastUnitsPer30Days" float8)
  ),
  sold as (
    select listing_id,
      sum(units) filter (where day >= ${start})::int as units,
      sum(revenue_minor) filter (where day >= ${start})::bigint as revenue_minor,
      count(units) filter (where day >= ${start})::int as told_days,
      max(day) filter (where units > 0) as last_sold_on,
      sum(units) filter (where day < ${day} - 365) as season_units,
      sum(units) filter (where day < ${start}) as year_units
    from slow_sellers_days where day >= ${start} - 365 and day < ${day} group by listing_id
  ),
  season as (
    select goods.category_key, coalesce(sum(sold.season_units), 0) / nullif(sum(sold.year_units), 0) as share, sum(sold.year_units) as units
    from goods join sold using (listing_id) join slow_sellers_sources source using (connection_id)
    where goods.category_key is not null and goods.sales_from = 'orders' and source.first_day <= ${start} - 365
    group by 1
  ),
  gone as (
    select goods.listing_id, sum(least(coalesce(spell.to_day, ${day}), ${day}) - greatest(spell.from_day, ${start}, goods.created_on, source.first_day))::int as days
    from goods join slow_sellers_outages spell using (variant_id) left join slow_sellers_sources source using (connection_id)
    where spell.from_day < ${day} and coalesce(spell.to_day, ${day}) > greatest(${start}, goods.created_on, source.first_day)
    group by 1
  ),
  known as (
    select goods.*, sold.revenue_minor, sold.last_sold_on, sold.year_units, season.share,
      case when goods.sales_from = 'orders' then case when source.first_day is not null then coalesce(sold.units, 0) end else sold.units end as sold_units,
      case when goods.sales_from <> 'orders' then coalesce(sold.told_days, 0)
        when source.first_day is not null then greatest(0, ${day} - greatest(${start}, goods.created_on, source.first_day)) end as known_days,
      case when goods.sales_from = 'orders' and goods.is_stock_kept then coalesce(gone.days, 0) end as days_out,
      case when goods.is_stock_kept then goods.on_hand end as held,
      coalesce(goods.sale_minor, goods.price_minor) as asked_minor,
      case when goods.sales_from <> 'orders' or source.first_day is null or source.first_day > ${start} - 365 then 'no_year'
        when coalesce(season.units, 0) < ${leastSeasonUnits} then 'thin_category' end as season_gap,
      coalesce(policy."graceDays", ${settings.graceDays}::int) as grace_days,
      coalesce(policy."coverDays", ${settings.coverDays}::int) as cover_limit,
      coalesce(policy."stockAgeDays", ${settings.stockAgeDays}::int) as age_limit,
      coalesce(policy."leastUnitsPer30Days", ${settings.leastUnitsPer30Days}::float8) as least_units
    from goods left join sold using (listing_id) left join gone using (listing_id)
      left join slow_sellers_sources source using (connection_id)
      left join season on season.category_key = goods.category_key
      left join policy on policy."categoryKey" = goods.category_key
    ${once}
  ),
  paced as (
    select known.*, known_days - coalesce(days_out, 0) as days_in_stock,
      sold_units::float8 / nullif(known_days - coalesce(days_out, 0), 0) as velocity,
      case when season_gap is null then greatest(${seasonBounds.least}::float8, least(${seasonBounds.most}::float8, share::float8 * 365 / ${settings.windowDays}::int)) end as season_index,
      case when season_gap is null and created_on <= ${start} - 365 then (share * coalesce(year_units, 0))::float8 end as expected_units,
      ${day} - oldest_on as stock_age_days, ${day} - mean_on as mean_age_days,
      (asked_minor - cost_minor)::float8 * 100 / nullif(asked_minor, 0) as margin_percent
    from known ${once}
  ),
  measured as (
    select paced.*, velocity / coalesce(season_index, 1) as pace,
      held / nullif(velocity / coalesce(season_index, 1), 0) as cover_days,
      (asked_minor - cost_minor)::float8 * velocity / coalesce(season_index, 1) * 36500 / nullif(held::float8 * cost_minor, 0) as return_percent
    from paced ${once}
  ),
  found as (
    select measured.*, array_remove(array[
      case when pace * 30 < least_units then 'few_sales' end,
      case when cover_days > cover_limit then 'long_cover' end,
      case when held > 0 and stock_age_days > age_limit then 'old_stock' end,
      case when return_percent < ${settings.leastReturnPercent}::float8 then 'low_return' end], null) as faults
    from measured ${once}
  ),
  judged as (
    select found.*, case
      when not is_goods then '{not_goods}'::text[]
      when coalesce(known_days, 0) = 0 or sold_units is null then
        case when held <= 0 then '{out_of_stock,none_on_hand}' when ${day} - created_on < grace_days then '{new,in_grace}' else '{unknown,no_sales_figure}' end::text[]
      when held <= 0 then '{out_of_stock,none_on_hand}'::text[]
      when ${day} - created_on < grace_days then '{new,in_grace}'::text[]
      when sales_from = 'orders' and not is_stock_kept then '{unknown,stock_not_kept}'::text[]
      when known_days < ${settings.leastDaysInStock}::int then '{unknown,short_record}'::text[]
      when days_in_stock < ${settings.leastDaysInStock}::int then '{out_of_stock,mostly_out}'::text[]
      when cardinality(faults) > 0 then '{slow}'::text[] || faults
      else '{fine}'::text[] end as judgement
    from found ${once}
  )
  select listing_id, connection_id, variant_id, sku, category_key, currency, judgement[1] as verdict, judgement[2:] as reasons,
    known_days, days_in_stock, days_out, sold_units as units, revenue_minor, last_sold_on, velocity, season_index, expected_units, season_gap,
    held as on_hand, cover_days, stock_age_days, mean_age_days, margin_percent, return_percent,
    held::bigint * cost_minor as bound_minor
  from judged`
}
