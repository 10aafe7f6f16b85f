import { and, eq, sql } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import { query, type Tx } from '../db/client.ts'
import { orderLines, returnLines } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import { changeStock, type StockEdit } from '../stock/change.ts'
import { defaultWarehouse } from '../stock/levels.ts'
import { laterStatus, lockReturn, moveReturn, type Return } from './lock.ts'

/** What is done with goods that came: back on the shelf, or out of the books. Missing ones never came. */
export const dispositions = ['restock', 'write_off', 'missing'] as const
export type Disposition = (typeof dispositions)[number]

export type Receipt = {
  lineId: string
  quantity: number
  disposition: Disposition
  condition?: string | null | undefined
  /** Where it is put; where the units came from, if left out. */
  warehouseId?: string | undefined
}

const columnOf = {
  restock: 'restockedQuantity',
  write_off: 'writtenOffQuantity',
  missing: 'missingQuantity',
} as const satisfies Record<Disposition, keyof typeof returnLines.$inferSelect>

/**
 * Takes in what came back, line by line, into the ledger: what is written off goes in and out again, so that the
 * ledger tells of it. A unit is taken in once. The return is received when every unit of it is accounted for.
 * @throws NotFoundError, ConflictError when it was changed since, InputError naming the line
 */
export async function receiveReturn(
  tx: Tx,
  id: string,
  revision: number,
  receipts: readonly Receipt[],
  act: Act,
): Promise<Return> {
  const held = await lockReturn(tx, id, revision)
  if (held.status === 'closed')
    throw new ConflictError(`Return ${id} is closed: nothing more of it is taken in.`)
  const edits: StockEdit[] = []
  for (const [index, receipt] of receipts.entries()) {
    const variantId = await takeIn(tx, held, receipt, index)
    if (receipt.disposition !== 'missing' && variantId)
      edits.push(...(await movementsOf(tx, held, receipt, variantId)))
  }
  await changeStock(tx, edits, 'return', act)
  const [open] = await query<{ units: number }>(
    tx,
    sql`
    select sum(quantity - restocked_quantity - written_off_quantity - missing_quantity)::int as units
    from return_lines where return_id = ${id}`,
  )
  const detail = receipts
    .map(({ quantity, disposition }) => `${quantity} ${disposition.replace('_', ' ')}`)
    .join(', ')
  const to = open!.units === 0 ? laterStatus(held.status, 'received') : held.status
  const after = await moveReturn(tx, held, { to, kind: 'received', detail }, act)
  await appendAudit(tx, act, {
    action: 'return.received',
    subject: id,
    before: { status: held.status },
    after: receipts,
  })
  return after
}

/** Counts the units on the line of the return. Returns the variant, null while the SKU is unknown. */
async function takeIn(tx: Tx, held: Return, receipt: Receipt, index: number): Promise<string | null> {
  const { lineId, quantity, disposition, condition } = receipt
  const [row] = await tx
    .select({ line: returnLines, variantId: orderLines.variantId, title: orderLines.title })
    .from(returnLines)
    .innerJoin(orderLines, eq(orderLines.id, returnLines.orderLineId))
    .where(and(eq(returnLines.returnId, held.id), eq(returnLines.orderLineId, lineId)))
  if (!row) throw new InputError(`Return ${held.id} has no line ${lineId}.`, `lines.${index}.lineId`)
  const { line, variantId, title } = row
  const open = line.quantity - line.restockedQuantity - line.writtenOffQuantity - line.missingQuantity
  if (quantity > open)
    throw new InputError(
      `Of "${title}" ${open} units are still expected, not ${quantity}.`,
      `lines.${index}.quantity`,
    )
  if (disposition === 'restock' && variantId === null)
    throw new InputError(
      `The SKU of "${title}" is unknown here: map it first, then put it back on the shelf.`,
      `lines.${index}.lineId`,
    )
  await tx
    .update(returnLines)
    .set({
      [columnOf[disposition]]: line[columnOf[disposition]] + quantity,
      ...(condition ? { condition } : {}),
    })
    .where(and(eq(returnLines.returnId, held.id), eq(returnLines.orderLineId, lineId)))
  return variantId
}

async function movementsOf(tx: Tx, held: Return, receipt: Receipt, variantId: string): Promise<StockEdit[]> {
  const parts = await readParts(tx, receipt.lineId, variantId)
  const fallback = receipt.warehouseId ?? (await defaultWarehouse(tx))
  return parts.flatMap((part): StockEdit[] => {
    const place = {
      variantId: part.variantId,
      warehouseId: receipt.warehouseId ?? part.warehouseId ?? fallback,
    }
    const delta = receipt.quantity * part.perUnit
    const came = { ...place, delta, reason: `Return ${held.id}`, reference: receipt.lineId }
    if (receipt.disposition === 'restock') return [came]
    const why = receipt.condition ? `: ${receipt.condition}` : ''
    return [came, { ...came, delta: -delta, reason: `Return ${held.id} written off${why}` }]
  })
}

type Part = { variantId: string; warehouseId: string | null; perUnit: number }

/** What one unit of a line is made of, and where it left from: of a bundle, its components. */
async function readParts(tx: Tx, lineId: string, variantId: string): Promise<Part[]> {
  const left = await query<Part>(
    tx,
    sql`
    select distinct on (variant_id) variant_id as "variantId", warehouse_id as "warehouseId", per_unit as "perUnit"
    from reservations where order_line_id = ${lineId} order by variant_id, shipped desc, warehouse_id`,
  )
  if (left.length > 0) return left
  const components = await query<Part>(
    tx,
    sql`
    select component_id as "variantId", null as "warehouseId", quantity as "perUnit"
    from bundle_components where bundle_id = ${variantId} order by component_id`,
  )
  return components.length > 0 ? components : [{ variantId, warehouseId: null, perUnit: 1 }]
}
