import { sql } from 'drizzle-orm'
import { ConflictError, type Executor, query, texts } from 'entrepot/sdk'
import { isHeldBack } from './control.ts'
import { roomFor } from './ladder.ts'
import { type Settings, type StepKind, suggestions } from './settings.ts'
import { readShops } from './steps.ts'

type Guarded = { connectionId: string; items: readonly { listingId: string; sku: string }[] }

/**
 * Holds a step against the policy of the moment it is applied, not of the night it was proposed: the control group is
 * never acted on, no step is taken twice, and the cap holds though two runs or two approvals meet. One at a time.
 * @throws ConflictError saying what does not hold; nothing is changed then
 */
export async function assertWithinPolicy(
  db: Executor,
  kind: StepKind,
  { connectionId, items }: Guarded,
  settings: Settings,
  today: string,
): Promise<void> {
  await db.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`slow-sellers ${connectionId}`}::text, 0))`,
  )
  const refuse = (what: string): never => {
    throw new ConflictError(`${what} Nothing was changed; propose again.`)
  }
  const held = items.filter(({ listingId }) => isHeldBack(listingId, settings))
  if (held.length > 0) refuse(`${nameSkus(held)} belongs to the control group by the policy of now.`)
  const again = await query<{ listingId: string }>(
    db,
    sql`
    select distinct step.listing_id as "listingId" from slow_sellers_steps step
    where step.listing_id in (${texts(items.map(({ listingId }) => listingId))}) and step.kind = ${kind} and step.status = 'applied' and step.day > ${today}::date - ${settings.waitDays}::int`,
  )
  const repeated = new Set(again.map(({ listingId }) => listingId))
  if (repeated.size > 0)
    refuse(
      `${nameSkus(items.filter(({ listingId }) => repeated.has(listingId)))} had this step already within ${settings.waitDays} days.`,
    )
  if (suggestions.includes(kind)) return
  const shop = (await readShops(db, today, settings)).find((row) => row.connectionId === connectionId)
  const room = shop ? roomFor(shop, { ...settings, listingsPerRun: Number.POSITIVE_INFINITY }) : 0
  if (items.length > room)
    refuse(
      `${items.length} listings are more than the ${room} that the cap of ${settings.capPercent} % within ${settings.capDays} days leaves.`,
    )
}

/** The first few SKUs, and how many more there are. */
export const nameSkus = (items: readonly { sku: string }[]): string => {
  const names = items.slice(0, 5).map(({ sku }) => sku)
  return items.length > 5 ? `${names.join(', ')} and ${items.length - 5} more` : names.join(', ')
}
