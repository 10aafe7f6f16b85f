import { and, desc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { type DbOrTx, query, rows } from '../db/client.ts'
import { basePrices, promotionalPrices, stockAllocations } from '../db/schema/index.ts'
import { formatMoney } from '../lib/money.ts'
import { loadPools, type Pool, type TermEvent } from './explain-pools.ts'

/** The events behind the terms of the listings of one variant. */
export type Facts = {
  pools: Pool[]
  basePrices: Map<string, TermEvent>
  priceRules: Map<string, TermEvent>
  allocations: Map<string, TermEvent>
  promotions: (TermEvent & { connectionId: string | null; currency: string })[]
}

/** Everything that explains the figures of a variant on these connections. A fixed number of queries. */
export async function loadFacts(
  db: DbOrTx,
  variantId: string,
  connectionIds: readonly string[],
  now: Date,
): Promise<Facts> {
  return {
    pools: await loadPools(db, variantId),
    basePrices: await loadBasePrices(db, variantId),
    priceRules: await loadPriceRules(db, connectionIds),
    allocations: await loadAllocations(db, variantId, connectionIds),
    promotions: await loadPromotions(db, variantId, connectionIds, now),
  }
}

async function loadBasePrices(db: DbOrTx, variantId: string): Promise<Map<string, TermEvent>> {
  const found = await db.select().from(basePrices).where(eq(basePrices.variantId, variantId))
  return new Map(
    found.map((row) => [
      row.currency,
      {
        kind: 'base price',
        change: null,
        reason: `set by ${row.source}`,
        reference: row.source,
        actor: null,
        at: row.updatedAt,
      },
    ]),
  )
}

type SetRow = { connection_id: string; actor: string | null; at: string | null }

/** A rule has no history of its own: who set it and when stands in the audit log. */
async function loadPriceRules(db: DbOrTx, connectionIds: readonly string[]): Promise<Map<string, TermEvent>> {
  const found = await query<SetRow>(
    db,
    sql`
    select rule.connection_id, entry.actor, entry.at
    from price_rules rule join ${rows(
      connectionIds.map((id) => ({ id })),
      'id text',
    )} on item.id = rule.connection_id
    left join lateral (
      select actor, at from audit_log where subject = rule.connection_id and action = 'price_rule.set' order by id desc limit 1
    ) entry on true`,
  )
  return new Map(
    found.map((row) => [
      row.connection_id,
      {
        kind: 'price rule',
        change: null,
        reason: 'the price rule of the connection',
        reference: row.connection_id,
        actor: row.actor,
        at: row.at === null ? null : new Date(row.at),
      },
    ]),
  )
}

async function loadAllocations(
  db: DbOrTx,
  variantId: string,
  connectionIds: readonly string[],
): Promise<Map<string, TermEvent>> {
  const found = await db
    .select()
    .from(stockAllocations)
    .where(
      and(
        inArray(stockAllocations.connectionId, [...connectionIds]),
        or(eq(stockAllocations.variantId, variantId), isNull(stockAllocations.variantId)),
      ),
    )
    .orderBy(sql`${stockAllocations.variantId} nulls first`)
  // The variant's own row comes last and so replaces the default.
  return new Map(
    found.map((row) => [
      row.connectionId,
      {
        kind: 'allocation',
        change: null,
        reason:
          row.variantId === null
            ? 'the default allocation of the connection'
            : 'the allocation of this SKU on the connection',
        reference: row.id,
        actor: null,
        at: row.updatedAt,
      },
    ]),
  )
}

async function loadPromotions(
  db: DbOrTx,
  variantId: string,
  connectionIds: readonly string[],
  now: Date,
): Promise<Facts['promotions']> {
  const found = await db
    .select()
    .from(promotionalPrices)
    .where(
      and(
        eq(promotionalPrices.variantId, variantId),
        or(
          isNull(promotionalPrices.connectionId),
          inArray(promotionalPrices.connectionId, [...connectionIds]),
        ),
        lte(promotionalPrices.startsAt, now),
        gt(promotionalPrices.endsAt, now),
      ),
    )
    .orderBy(desc(promotionalPrices.priority), promotionalPrices.amountMinor)
  return found.map((row) => ({
    kind: 'promotion',
    change: formatMoney({ minor: row.amountMinor, currency: row.currency }),
    reason: `${row.source}, priority ${row.priority}, until ${row.endsAt.toISOString()}`,
    reference: row.id,
    actor: null,
    at: row.startsAt,
    connectionId: row.connectionId,
    currency: row.currency,
  }))
}
