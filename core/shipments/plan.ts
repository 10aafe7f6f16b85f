import { eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Tx } from '../db/client.ts'
import { orderEvents, packagings, parcelItems, parcels, shipments } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { Customs, Parcel } from '../sdk/model/shipment.ts'
import { passesCustoms } from './border.ts'
import { type PackedParcel, packParcels } from './pack.ts'
import {
  lockShippable,
  type OpenLine,
  type PlannedOrder,
  placeOf,
  readOpenLines,
  readRecipient,
  readSender,
} from './plan-read.ts'

export type LineUnits = { lineId: string; quantity: number }

export type PlanInput = {
  orderId: string
  /** What goes; everything that is open, if left out. */
  lines?: readonly LineUnits[] | undefined
  /** Parcels as a person packed them; packed by rule if left out. */
  parcels?: readonly (Parcel & { lines: readonly LineUnits[] })[] | undefined
  warehouseId?: string | undefined
  shipAt?: Date | undefined
  isSignatureRequired?: boolean | undefined
  customs?: Pick<Customs, 'contents' | 'incoterm'> | undefined
  batchId?: string | undefined
}

/**
 * Plans a shipment of an order: which units go, in which parcels, from where. Nothing is booked yet. Several
 * shipments share an order without ever shipping a unit twice. @throws NotFoundError, ConflictError, InputError
 */
export async function planShipment(tx: Tx, input: PlanInput, act: Act): Promise<string> {
  const { order, packed, declaredMinor } = await packOrder(tx, input)
  const recipient = await readRecipient(tx, order)
  const sender = await readSender(tx, order.id, input.warehouseId)
  const id = newId('shp', act.now.getTime())
  const isAbroad = passesCustoms(sender.address, recipient)
  await tx.insert(shipments).values({
    id,
    orderId: order.id,
    warehouseId: sender.id,
    batchId: input.batchId ?? null,
    fromPlace: placeOf(sender.address),
    toPlace: placeOf(recipient),
    isSignatureRequired: input.isSignatureRequired ?? false,
    customs: isAbroad
      ? {
          contents: 'merchandise',
          incoterm: 'DAP',
          ...input.customs,
          invoiceNumber: order.number,
          invoiceDate: act.now,
        }
      : null,
    declaredMinor,
    declaredCurrency: order.currency,
    shipAt: input.shipAt ?? act.now,
    shipBy: order.shipBy,
    createdAt: act.now,
  })
  await writeParcels(tx, id, packed, act)
  await tx.insert(orderEvents).values({
    orderId: order.id,
    kind: 'shipment_planned',
    detail: `${packed.length} ${packed.length === 1 ? 'parcel' : 'parcels'} (${id})`,
    actor: act.actor,
    at: act.now,
  })
  await appendAudit(tx, act, {
    action: 'shipment.planned',
    subject: id,
    after: { orderId: order.id, parcels: packed },
  })
  return id
}

export type Packed = { order: PlannedOrder; packed: PackedParcel[]; declaredMinor: number }

/** How the open units of an order would be packed now. @throws NotFoundError, ConflictError, InputError */
export async function packOrder(
  tx: Tx,
  input: Pick<PlanInput, 'orderId' | 'lines' | 'parcels'>,
): Promise<Packed> {
  const order = await lockShippable(tx, input.orderId)
  const lines = await readOpenLines(tx, order.id)
  const packed = input.parcels
    ? packByHand(order, lines, input.parcels)
    : packParcels(chooseLines(order, lines, input.lines), await activeBoxes(tx))
  return { order, packed, declaredMinor: buyerPaid(lines, packed) }
}

const activeBoxes = (tx: Tx) => tx.select().from(packagings).where(eq(packagings.isActive, true))

async function writeParcels(
  tx: Tx,
  shipmentId: string,
  packed: readonly PackedParcel[],
  act: Act,
): Promise<void> {
  const ids = packed.map(() => newId('pcl', act.now.getTime()))
  await tx.insert(parcels).values(
    packed.map(({ items: _items, ...parcel }, position) => ({
      id: ids[position]!,
      shipmentId,
      position,
      ...parcel,
    })),
  )
  await tx
    .insert(parcelItems)
    .values(packed.flatMap(({ items }, index) => items.map((item) => ({ parcelId: ids[index]!, ...item }))))
}

/** What the buyer paid for the units that go, in the order's currency. */
function buyerPaid(lines: readonly OpenLine[], packed: readonly PackedParcel[]): number {
  let minor = 0
  for (const { items } of packed)
    for (const { orderLineId, quantity } of items) {
      const line = lines.find((candidate) => candidate.id === orderLineId)!
      minor += Math.round((line.totalMinor * quantity) / line.quantity)
    }
  return minor
}

function chooseLines(order: PlannedOrder, lines: readonly OpenLine[], wanted: PlanInput['lines']) {
  const chosen = wanted
    ? countUnits(order, lines, wanted)
    : new Map(lines.filter((line) => line.openUnits > 0).map((line) => [line, line.openUnits]))
  if (chosen.size === 0)
    throw new ConflictError(
      `Order ${order.number} has no units to ship: they are in other shipments, cancelled, or not in stock.`,
    )
  return [...chosen].map(([line, quantity]) => ({
    ...line,
    orderLineId: line.id,
    sku: line.sku ?? line.title,
    quantity,
  }))
}

function packByHand(
  order: PlannedOrder,
  lines: readonly OpenLine[],
  given: NonNullable<PlanInput['parcels']>,
): PackedParcel[] {
  countUnits(
    order,
    lines,
    given.flatMap((parcel) => parcel.lines),
  )
  return given.map(({ lines: inside, ...parcel }, index) => {
    if (inside.length === 0) throw new InputError(`Parcel ${index + 1} is empty.`, `parcels.${index}.lines`)
    if (new Set(inside.map(({ lineId }) => lineId)).size < inside.length)
      throw new InputError(`Parcel ${index + 1} names a line twice.`, `parcels.${index}.lines`)
    if (!Number.isInteger(parcel.weightGrams) || parcel.weightGrams <= 0)
      throw new InputError(`Parcel ${index + 1} needs a weight above zero.`, `parcels.${index}.weightGrams`)
    return {
      ...parcel,
      packagingId: null,
      items: inside.map(({ lineId, quantity }) => ({ orderLineId: lineId, quantity })),
    }
  })
}

/** The units of each line that are asked for. @throws InputError when a line is not there or has fewer open. */
function countUnits(
  order: PlannedOrder,
  lines: readonly OpenLine[],
  wanted: readonly LineUnits[],
): Map<OpenLine, number> {
  const chosen = new Map<OpenLine, number>()
  for (const { lineId, quantity } of wanted) {
    const line = lines.find((candidate) => candidate.id === lineId)
    if (!line) throw new InputError(`Order ${order.number} has no line ${lineId}.`, 'lines')
    if (!Number.isInteger(quantity) || quantity <= 0)
      throw new InputError(`Line ${lineId}: ${quantity} is no number of units.`, 'lines')
    chosen.set(line, (chosen.get(line) ?? 0) + quantity)
  }
  for (const [line, units] of chosen)
    if (units > line.openUnits)
      throw new InputError(
        `Line ${line.id} (${line.sku ?? line.title}) has ${line.openUnits} units to ship, not ${units}.`,
        'lines',
      )
  return chosen
}
