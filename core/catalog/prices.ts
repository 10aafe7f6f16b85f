import { eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, rows, type Tx } from '../db/client.ts'
import { listings, priceRules } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { currencyDigits, formatMoney, type Money } from '../lib/money.ts'
import { staleEdit } from '../lib/revision.ts'
import { markDirty } from '../listings/dirty.ts'
import type { PriceRule } from '../listings/price.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'

export type BasePrice = { variantId: string; price: Money; source: string }

/**
 * Sets base prices; equal ones are not written. Returns how many changed.
 * @throws InputError for a price that is zero, negative or in no known currency; nothing is changed then.
 */
export async function setBasePrices(tx: Tx, prices: readonly BasePrice[], act: Act): Promise<number> {
  if (prices.length === 0) return 0
  for (const { price } of prices) assertPrice(price)
  const items = prices.map((entry) => ({
    variant_id: entry.variantId,
    currency: entry.price.currency,
    amount: entry.price.minor,
    source: entry.source,
  }))
  const changed = await query<{ variant_id: string }>(
    tx,
    sql`
    insert into base_prices (variant_id, currency, amount_minor, source, updated_at)
    select item.variant_id, item.currency, item.amount, item.source, ${act.now.toISOString()}::timestamptz
    from ${rows(items, 'variant_id text, currency text, amount bigint, source text')} order by 1, 2
    on conflict (variant_id, currency) do update set amount_minor = excluded.amount_minor, source = excluded.source, updated_at = excluded.updated_at,
      revision = base_prices.revision + 1
    where base_prices.amount_minor <> excluded.amount_minor
    returning variant_id`,
  )
  await markDirty(
    tx,
    'price',
    changed.map((row) => ({ variantId: row.variant_id })),
    act,
  )
  return changed.length
}

type EditedPrice = { variantId: string; sku: string; currency: string; revision: number }

/**
 * Locks the prices that somebody edited. @throws ConflictError naming the first that was changed meanwhile
 */
export async function assertPricesUnchanged(tx: Tx, edited: readonly EditedPrice[]): Promise<void> {
  if (edited.length === 0) return
  const items = edited.map(({ variantId, currency }) => ({ variant_id: variantId, currency }))
  const held = await query<{
    variant_id: string
    currency: string
    revision: number
    source: string
    updated_at: string
  }>(
    tx,
    sql`
    select price.variant_id, price.currency, price.revision, price.source, price.updated_at
    from base_prices price join ${rows(items, 'variant_id text, currency text')} using (variant_id, currency)
    order by 1, 2 for update of price`,
  )
  const found = new Map(held.map((row) => [`${row.variant_id} ${row.currency}`, row]))
  for (const { variantId, sku, currency, revision } of edited) {
    const row = found.get(`${variantId} ${currency}`)
    if ((row?.revision ?? 0) === revision) continue
    const last = {
      revision: row?.revision ?? 0,
      by: row?.source ?? null,
      at: row ? new Date(row.updated_at) : null,
    }
    throw new ConflictError(staleEdit(`The price of ${sku} in ${currency}`, revision, last))
  }
}

/** @throws InputError when this cannot be a price. */
export function assertPrice(price: Money): void {
  try {
    currencyDigits(price.currency)
  } catch (error) {
    throw new InputError((error as Error).message, 'currency')
  }
  if (!Number.isSafeInteger(price.minor) || price.minor <= 0) {
    throw new InputError(`${formatMoney(price)} is no price: it must be more than zero.`, 'price')
  }
}

/** Sets how a connection makes its prices, and marks all of them dirty. @throws InputError */
export async function setPriceRule(tx: Tx, connectionId: string, rule: PriceRule, act: Act): Promise<void> {
  for (const [field, value] of Object.entries(rule)) {
    if (!Number.isSafeInteger(value)) throw new InputError(`${value} is not a whole number.`, field)
  }
  if (rule.feeBasisPoints < 0 || rule.feeBasisPoints >= 10_000)
    throw new InputError('The fee must be from 0 % to less than 100 %.', 'feeBasisPoints')
  if (rule.markupBasisPoints <= -10_000)
    throw new InputError('The markup must leave something of the price.', 'markupBasisPoints')
  if (rule.roundToMinor < 1)
    throw new InputError('Prices are rounded to at least one minor unit.', 'roundToMinor')
  const [before] = await tx.select().from(priceRules).where(eq(priceRules.connectionId, connectionId))
  await tx
    .insert(priceRules)
    .values({ connectionId, ...rule })
    .onConflictDoUpdate({ target: priceRules.connectionId, set: rule })
  await appendAudit(tx, act, {
    action: 'price_rule.set',
    subject: connectionId,
    before: before ?? null,
    after: rule,
  })
  const touched = await tx
    .select({ variantId: listings.variantId })
    .from(listings)
    .where(eq(listings.connectionId, connectionId))
  await markDirty(tx, 'price', touched, act, { connectionId })
}
