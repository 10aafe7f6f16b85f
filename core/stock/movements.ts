import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import type { StockMovement } from '../sdk/goods.ts'

const pageSize = 5000

/** Entries this young are told next time: one that commits late has a lower id and must not be passed over. */
const settledAfterMs = 60_000

/** The ledger after an entry and up to a minute ago, in the order of its ids. */
export async function* streamMovements(
  db: DbOrTx,
  afterId: number,
  now: Date,
): AsyncGenerator<StockMovement[]> {
  const until = new Date(now.getTime() - settledAfterMs).toISOString()
  for (let after = afterId; ; ) {
    const page = await query<Omit<StockMovement, 'id' | 'at'> & { id: string; at: string }>(
      db,
      sql`
      select id::text, variant_id as "variantId", warehouse_id as "warehouseId", on_hand::int as units, kind, at
      from stock_movements where id > ${after} and on_hand <> 0 and at <= ${until}::timestamptz order by stock_movements.id limit ${pageSize}`,
    )
    if (page.length === 0) return
    after = Number(page.at(-1)!.id)
    yield page.map((row) => ({ ...row, id: Number(row.id), at: new Date(row.at) }))
  }
}

/** The newest entry's id; 0 where there is none. */
export async function lastMovement(db: DbOrTx): Promise<number> {
  const [row] = await query<{ id: string | null }>(db, sql`select max(id)::text as id from stock_movements`)
  return Number(row?.id ?? 0)
}
