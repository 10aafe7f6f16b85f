import { sql } from 'drizzle-orm'
import { instant, type ListingFinding, type PluginContext, query } from 'entrepot/sdk'
import type { Campaign } from './campaign.ts'
import { checkBudget } from './checks/budget.ts'
import type { Audit, Check, CheckInput, OtherPrice } from './checks/check.ts'
import { checkConflicts } from './checks/conflicts.ts'
import { checkFloor, checkMargin } from './checks/floor.ts'
import { checkKind } from './checks/kind.ts'
import { checkListings } from './checks/listings.ts'
import { checkLowestPrice } from './checks/lowest-price.ts'
import { checkPeriod } from './checks/period.ts'
import { checkQuotas } from './checks/quotas.ts'
import { checkScope } from './checks/scope.ts'
import { checkSignOff } from './checks/sign-off.ts'
import { checkSetAside, checkStock } from './checks/stock.ts'
import { collectGoods, type Goods } from './goods.ts'
import { piecesOf } from './planned-goods.ts'
import { notePrices, readLowest } from './price-days.ts'
import type { Settings } from './settings.ts'
import { type Simulation, simulate } from './simulate.ts'
import { readSignatures } from './store.ts'

const checks: readonly ((input: CheckInput) => Check)[] = [
  checkScope,
  checkPeriod,
  checkKind,
  checkFloor,
  checkMargin,
  checkStock,
  checkSetAside,
  checkLowestPrice,
  checkConflicts,
  checkQuotas,
  checkListings,
  checkBudget,
  checkSignOff,
]

export type Context = PluginContext<Settings>
export type Looked = { checks: Check[]; simulation: Simulation; goods: Goods[] }

/** Looks at a campaign as it stands, and keeps what was found for the calendar. */
export async function runChecks(context: Context, campaign: Campaign): Promise<Looked> {
  const { db, clock } = context
  const settings = await context.settings()
  const collected = await collectGoods(context, campaign, settings)
  const listingIds = collected.goods.map(({ listingId }) => listingId)
  for (const piece of piecesOf(listingIds)) await notePrices(context, { listingIds: piece })
  const simulation = simulate(collected.goods, campaign.expectedUpliftBasisPoints)
  const input: CheckInput = {
    ...collected,
    campaign,
    settings,
    simulation,
    others: await readOthers(context, campaign),
    lowest: await readLowest(
      db,
      listingIds,
      new Date(Math.min(campaign.startsOn.getTime(), clock.now().getTime())),
    ),
    signatures: await readSignatures(db, campaign),
    audit: await readAudit(context, listingIds),
    now: clock.now(),
  }
  const found = checks.map((check) => check(input))
  await db.execute(sql`
    insert into promotions_checks (campaign_id, revision, checked_at, checks)
    values (${campaign.id}, ${campaign.revision}, ${instant(clock.now())}, ${JSON.stringify(found)}::text::jsonb)
    on conflict (campaign_id) do update set revision = excluded.revision, checked_at = excluded.checked_at, checks = excluded.checks`)
  return { checks: found, simulation, goods: collected.goods }
}

async function readAudit({ services }: Context, listingIds: readonly string[]): Promise<Audit> {
  const byListing = new Map<string, ListingFinding[]>()
  let asked: string[] = []
  for (const piece of [...piecesOf(listingIds, 1000), []]) {
    const found = await services.readFindings(piece)
    asked = found.asked
    for (const finding of found.findings)
      if (finding.severity !== 'info')
        byListing.set(finding.listingId, [...(byListing.get(finding.listingId) ?? []), finding])
  }
  return { asked, byListing }
}

/** Dated prices of others in that time, and those of campaigns that wait for their approval. */
async function readOthers(
  { services, db }: Context,
  { id, startsOn, endsOn }: Campaign,
): Promise<OtherPrice[]> {
  const dated = await services.listPromotionalPrices({ from: startsOn, to: endsOn })
  const owners = await query<{ promotion_id: string; campaign_id: string; title: string }>(
    db,
    sql`
    select goods.promotion_id, goods.campaign_id, campaign.input ->> 'title' as title
    from promotions_goods goods join promotions_campaigns campaign on campaign.id = goods.campaign_id
    where goods.promotion_id is not null and campaign.starts_on < ${instant(endsOn)} and campaign.ends_on > ${instant(startsOn)}`,
  )
  const byPromotion = new Map(owners.map((row) => [row.promotion_id, row]))
  const waiting = await query<{
    variantId: string
    connectionId: string
    currency: string
    minor: string
    startsAt: string
    endsAt: string
    priority: number
    title: string
  }>(
    db,
    sql`
    select goods.variant_id as "variantId", goods.connection_id as "connectionId", goods.currency, goods.price_minor::text as minor,
      goods.starts_at as "startsAt", goods.ends_at as "endsAt", (campaign.input ->> 'priority')::int as priority, campaign.input ->> 'title' as title
    from promotions_goods goods join promotions_campaigns campaign on campaign.id = goods.campaign_id
    where campaign.status = 'proposed' and campaign.id <> ${id} and campaign.input -> 'kind' ->> 'kind' not in ('coupon', 'threshold') and goods.starts_at < ${instant(endsOn)} and goods.ends_at > ${instant(startsOn)}`,
  )
  return [
    ...dated
      .filter((price) => byPromotion.get(price.id)?.campaign_id !== id)
      .map(({ price, source, id: promotionId, ...rest }) => {
        const title = byPromotion.get(promotionId)?.title
        return {
          ...rest,
          currency: price.currency,
          minor: price.minor,
          source: title ? `"${title}"` : source,
        }
      }),
    ...waiting.map(({ title, minor, startsAt, endsAt, ...row }) => ({
      ...row,
      minor: Number(minor),
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
      source: `"${title}", not approved yet,`,
    })),
  ]
}
