import { sql } from 'drizzle-orm'
import { query, rows, type Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import { reserve } from './reserve.ts'

/**
 * Reserves what came in, or came back, for the lines that wait longest. Returns the variants whose free units
 * fell by it: of a bundle, its components.
 */
export async function fillShortfalls(tx: Tx, variantIds: Iterable<string>, act: Act): Promise<Set<string>> {
  const items = [...new Set(variantIds)].map((id) => ({ id }))
  const touched = new Set<string>()
  if (items.length === 0) return touched
  const waiting = await query<{
    line: string
    variant_id: string
    quantity: string
    number: string
    since: string
  }>(
    tx,
    sql`
    with item as (select * from ${rows(items, 'id text')})
    select short.order_line_id as line, short.variant_id, short.quantity, short.since, o.number
    from shortfalls short join order_lines line on line.id = short.order_line_id join orders o on o.id = line.order_id
    where short.variant_id in (select id from item union select bundle_id from bundle_components where component_id in (select id from item))
    order by short.since, short.order_line_id for update of short`,
  )
  const stillShort: string[] = []
  for (const short of waiting) {
    await tx.execute(sql`delete from shortfalls where order_line_id = ${short.line}`)
    const quantity = Number(short.quantity)
    const want = {
      orderLineId: short.line,
      variantId: short.variant_id,
      quantity,
      reason: `Order ${short.number} waited for it`,
      waitsSince: new Date(short.since),
    }
    const taken = await reserve(tx, [want], act)
    for (const id of taken.touched) touched.add(id)
    const missing = taken.shortages[0]?.missing ?? 0
    if (missing === 0) await settleProblems(tx, [oversoldKey(short.line)], act)
    else if (missing < quantity) stillShort.push(short.line)
  }
  await raiseOversold(tx, stillShort, act)
  return touched
}

const oversoldKey = (orderLineId: string) => `oversold:${orderLineId}`

/** Says of each of these lines that more was sold than there was. */
export async function raiseOversold(tx: Tx, orderLineIds: readonly string[], act: Act): Promise<void> {
  if (orderLineIds.length === 0) return
  const found = await query<{
    line: string
    order_id: string
    number: string
    connection_id: string
    sku: string
    missing: string
    connection: string
  }>(
    tx,
    sql`
    select short.order_line_id as line, o.id as order_id, o.number, o.connection_id, connection.name as connection, coalesce(line.sku, line.external_id) as sku, short.quantity as missing
    from shortfalls short join order_lines line on line.id = short.order_line_id
    join orders o on o.id = line.order_id join connections connection on connection.id = o.connection_id
    where short.order_line_id in (select item.id from ${rows(
      orderLineIds.map((id) => ({ id })),
      'id text',
    )})`,
  )
  await raiseProblems(
    tx,
    found.map((row) => ({
      kind: 'oversold' as const,
      key: oversoldKey(row.line),
      connectionId: row.connection_id,
      subject: row.order_id,
      message: `Order ${row.number} of ${row.connection} wants ${row.missing} more of ${row.sku} than there are.`,
      detail: { sku: row.sku, missing: Number(row.missing) },
    })),
    act,
  )
}

/** The oversell of lines that are no longer short is over. */
export async function settleOversold(tx: Tx, orderLineIds: readonly string[], act: Act): Promise<void> {
  if (orderLineIds.length === 0) return
  const over = await query<{ id: string }>(
    tx,
    sql`
    select item.id from ${rows(
      orderLineIds.map((id) => ({ id })),
      'id text',
    )} where not exists (select 1 from shortfalls where order_line_id = item.id)`,
  )
  await settleProblems(
    tx,
    over.map((row) => oversoldKey(row.id)),
    act,
  )
}
