import { and, eq, isNull, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { type DbOrTx, query, type Tx } from '../db/client.ts'
import { bundleComponents, listings, stockAllocations } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { staleEdit } from '../lib/revision.ts'
import { markDirty } from '../listings/dirty.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'

export type Allocation = {
  connectionId: string
  /** Null: the connection's default for all variants. */
  variantId: string | null
  shareBasisPoints: number | null
  cap: number | null
  buffer: number
}

/**
 * Sets how much of the pool a connection may show. The shares that a SKU is given may not add up past 100 %.
 * `edited` is the revision that somebody edited, 0 where there was none; left out, it is not checked.
 * @throws InputError naming the field, ConflictError when it was changed meanwhile; nothing is changed then.
 */
export async function setAllocation(
  tx: Tx,
  allocation: Allocation,
  act: Act,
  edited?: number,
): Promise<void> {
  const { connectionId, variantId, shareBasisPoints, cap, buffer } = allocation
  if (
    shareBasisPoints !== null &&
    !(Number.isInteger(shareBasisPoints) && shareBasisPoints >= 1 && shareBasisPoints <= 10_000)
  ) {
    throw new InputError('The share must be more than 0 % and at most 100 %.', 'shareBasisPoints')
  }
  if (cap !== null && !(Number.isSafeInteger(cap) && cap >= 0))
    throw new InputError('The cap must be zero or more whole units.', 'cap')
  if (!(Number.isSafeInteger(buffer) && buffer >= 0))
    throw new InputError('The buffer must be zero or more whole units.', 'buffer')
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('stock_allocations'))`)
  if (shareBasisPoints !== null) await assertSharesFit(tx, connectionId, variantId, shareBasisPoints)
  const sameScope =
    variantId === null ? isNull(stockAllocations.variantId) : eq(stockAllocations.variantId, variantId)
  const [before] = await tx
    .select()
    .from(stockAllocations)
    .where(and(sameScope, eq(stockAllocations.connectionId, connectionId)))
  const revision = before?.revision ?? 0
  if (edited !== undefined && edited !== revision)
    throw new ConflictError(
      staleEdit('The allocation', edited, {
        revision,
        by: before?.updatedBy ?? null,
        at: before?.updatedAt ?? null,
      }),
    )
  const values = {
    shareBasisPoints,
    cap,
    buffer,
    revision: revision + 1,
    updatedAt: act.now,
    updatedBy: act.actor,
  }
  await tx
    .insert(stockAllocations)
    .values({ id: newId('rsv'), connectionId, variantId, ...values })
    .onConflictDoUpdate({ target: [stockAllocations.connectionId, stockAllocations.variantId], set: values })
  await appendAudit(tx, act, {
    action: 'allocation.set',
    subject: connectionId,
    before: before ?? null,
    after: allocation,
  })
  const touched = variantId === null ? await variantsOf(tx, connectionId) : [variantId]
  await markDirty(
    tx,
    'stock',
    touched.map((id) => ({ variantId: id })),
    act,
    { connectionId },
  )
}

/**
 * A SKU's own share takes the place of its connection's general one: both count towards the 100 % of every SKU
 * that the new share is for.
 */
async function assertSharesFit(
  tx: Tx,
  connectionId: string,
  variantId: string | null,
  shareBasisPoints: number,
): Promise<void> {
  const others = await query<{ scope: string | null; name: string; share: number }>(
    tx,
    sql`
    with scope as (
      select ${variantId}::text as variant_id
      union
      select special.variant_id from stock_allocations special
      where ${variantId}::text is null and special.variant_id is not null and not exists (
        select 1 from stock_allocations own where own.connection_id = ${connectionId} and own.variant_id = special.variant_id)
    )
    select scope.variant_id as scope, connection.name, allocation.share_basis_points as share
    from scope cross join connections connection
    join lateral (
      select share_basis_points from stock_allocations a
      where a.connection_id = connection.id and (a.variant_id = scope.variant_id or a.variant_id is null)
      order by a.variant_id nulls last limit 1
    ) allocation on allocation.share_basis_points is not null
    where connection.id <> ${connectionId} order by connection.name`,
  )
  for (const taken of Map.groupBy(others, (row) => row.scope).values()) {
    const sum = taken.reduce((total, other) => total + other.share, shareBasisPoints)
    if (sum <= 10_000) continue
    const names = taken.map((other) => `${other.name} ${other.share / 100} %`).join(', ')
    throw new InputError(
      `The shares would add up to ${sum / 100} %: ${names} are given already.`,
      'shareBasisPoints',
    )
  }
}

async function variantsOf(db: DbOrTx, connectionId: string): Promise<string[]> {
  const found = await db
    .select({ id: listings.variantId })
    .from(listings)
    .where(eq(listings.connectionId, connectionId))
  return found.map((row) => row.id)
}

/**
 * Makes a variant a bundle of others; an empty list makes it a plain variant again. A bundle has no stock of
 * its own and no bundle as a component.
 */
export async function setBundle(
  tx: Tx,
  bundleId: string,
  components: readonly { variantId: string; quantity: number }[],
  act: Act,
): Promise<void> {
  for (const { variantId, quantity } of components) {
    if (variantId === bundleId) throw new InputError('A bundle cannot contain itself.', 'components')
    if (!(Number.isSafeInteger(quantity) && quantity > 0))
      throw new InputError(`A bundle cannot contain ${quantity} units of a component.`, 'components')
  }
  const ids = components.map((component) => component.variantId)
  const [nested] = await query<{ found: boolean }>(
    tx,
    sql`
    select exists (select 1 from bundle_components where bundle_id = any(${sql.param(ids)}::text[]) or component_id = ${bundleId}) as found`,
  )
  if (components.length > 0 && nested?.found)
    throw new InputError('A bundle cannot be a component of another bundle.', 'components')
  const before = await tx.select().from(bundleComponents).where(eq(bundleComponents.bundleId, bundleId))
  await tx.delete(bundleComponents).where(eq(bundleComponents.bundleId, bundleId))
  if (components.length > 0) {
    await tx
      .insert(bundleComponents)
      .values(components.map((c) => ({ bundleId, componentId: c.variantId, quantity: c.quantity })))
  }
  await appendAudit(tx, act, { action: 'bundle.set', subject: bundleId, before, after: components })
  await markDirty(tx, 'stock', [{ variantId: bundleId }], act)
}
