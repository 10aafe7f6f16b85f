import { InputError } from '../sdk/errors.ts'
import type { Parcel } from '../sdk/model/shipment.ts'
import { createFiller, type Size } from './pack-box.ts'

/** Units of an order line, with the weight and size of one unit; null where nobody knows. */
export type PackItem = {
  orderLineId: string
  sku: string
  quantity: number
  weightGrams: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
}

/** A box that may be used. The tare is what it weighs empty; `maxWeightGrams` counts the tare. */
export type Box = {
  id: string
  code: string
  lengthMm: number
  widthMm: number
  heightMm: number
  tareGrams: number
  maxWeightGrams: number
}

export type PackedParcel = Parcel & {
  packagingId: string | null
  items: { orderLineId: string; quantity: number }[]
}

type Unit = { item: PackItem; weightGrams: number; size: Size | null }

/** More units than this are packed by people. */
const mostUnits = 2000

/**
 * Packs units into parcels: as few as the boxes allow, each in the smallest box that takes what it holds. What
 * fits no box travels alone as it is; units of unknown size share parcels without a size, by weight. Without
 * boxes everything is one parcel. The same input gives the same parcels.
 * @throws InputError naming the SKU whose weight nobody knows.
 */
export function packParcels(items: readonly PackItem[], boxes: readonly Box[]): PackedParcel[] {
  const units = toUnits(items)
  if (boxes.length === 0) return units.length === 0 ? [] : [loose(units)]
  const sized = units.filter((unit) => unit.size !== null)
  const bySize = boxes.toSorted((a, b) => volumeOf(a) - volumeOf(b) || (a.code < b.code ? -1 : 1))
  const heaviest = Math.max(...boxes.map((box) => box.maxWeightGrams))
  const parcels: PackedParcel[] = []
  let left = sized.toSorted((a, b) => volumeOf(sizeOf(b)) - volumeOf(sizeOf(a)))
  while (left.length > 0) {
    const best = bestFill(bySize, left)
    if (best) {
      parcels.push(boxed(best.box, best.taken))
      const taken = new Set(best.taken)
      left = left.filter((unit) => !taken.has(unit))
    } else {
      const [first, ...rest] = left
      parcels.push(loose([first!]))
      left = rest
    }
  }
  return [
    ...parcels,
    ...packByWeight(
      units.filter((unit) => unit.size === null),
      heaviest,
    ),
  ]
}

function toUnits(items: readonly PackItem[]): Unit[] {
  const count = items.reduce((sum, item) => sum + item.quantity, 0)
  if (count > mostUnits)
    throw new InputError(`${count} units are too many to pack by rule. Give the parcels yourself.`, 'parcels')
  return items.flatMap((item) => {
    if (item.weightGrams === null)
      throw new InputError(
        `${item.sku} has no weight. Enter it in the catalogue, or give the parcels yourself.`,
        'weightGrams',
      )
    const { lengthMm, widthMm, heightMm } = item
    const size = lengthMm && widthMm && heightMm ? { lengthMm, widthMm, heightMm } : null
    return Array.from({ length: item.quantity }, () => ({ item, weightGrams: item.weightGrams!, size }))
  })
}

const volumeOf = ({ lengthMm, widthMm, heightMm }: Size): number => lengthMm * widthMm * heightMm
const sizeOf = (unit: Unit): Size => unit.size!

/** The smallest box that takes everything, or else the one that takes the most. Null when none takes anything. */
function bestFill(boxes: readonly Box[], units: readonly Unit[]): { box: Box; taken: Unit[] } | null {
  let best: { box: Box; taken: Unit[]; volume: number } | null = null
  for (const box of boxes) {
    const taken = fill(box, units)
    if (taken.length === 0) continue
    if (taken.length === units.length) return { box, taken }
    const volume = taken.reduce((sum, unit) => sum + volumeOf(sizeOf(unit)), 0)
    if (!best || volume > best.volume) best = { box, taken, volume }
  }
  return best
}

function fill(box: Box, units: readonly Unit[]): Unit[] {
  const filler = createFiller(box)
  let grams = box.tareGrams
  return units.filter((unit) => {
    if (grams + unit.weightGrams > box.maxWeightGrams || !filler.place(sizeOf(unit))) return false
    grams += unit.weightGrams
    return true
  })
}

const boxed = (box: Box, units: readonly Unit[]): PackedParcel => ({
  packagingId: box.id,
  weightGrams: box.tareGrams + gramsOf(units),
  lengthMm: box.lengthMm,
  widthMm: box.widthMm,
  heightMm: box.heightMm,
  items: contentsOf(units),
})

/** A parcel without a box: one unit has its own size, several together have none that anybody knows. */
function loose(units: readonly Unit[]): PackedParcel {
  const size = units.length === 1 ? units[0]!.size : null
  return {
    packagingId: null,
    weightGrams: gramsOf(units),
    lengthMm: size?.lengthMm ?? null,
    widthMm: size?.widthMm ?? null,
    heightMm: size?.heightMm ?? null,
    items: contentsOf(units),
  }
}

function packByWeight(units: readonly Unit[], maxGrams: number): PackedParcel[] {
  const groups: Unit[][] = []
  for (const unit of units) {
    const group = groups.find((others) => gramsOf(others) + unit.weightGrams <= maxGrams)
    if (group) group.push(unit)
    else groups.push([unit])
  }
  return groups.map(loose)
}

const gramsOf = (units: readonly Unit[]): number => units.reduce((sum, unit) => sum + unit.weightGrams, 0)

const contentsOf = (units: readonly Unit[]): PackedParcel['items'] =>
  [...Map.groupBy(units, (unit) => unit.item.orderLineId)].map(([orderLineId, same]) => ({
    orderLineId,
    quantity: same.length,
  }))
