import type { Tx } from '../db/client.ts'
import type { Act } from '../lib/act.ts'
import { markDirty, type Touched } from '../listings/dirty.ts'
import { InputError } from '../sdk/errors.ts'
import { type GivenUp, giveUpReservations } from './give-up.ts'
import { type Level, lockLevels, type Movement, type MovementKind, move } from './levels.ts'
import { fillShortfalls } from './shortfalls.ts'

/** A change of what is on hand: to an absolute count, or by a difference. */
export type StockEdit = {
  variantId: string
  warehouseId: string
  reason: string
  reference?: string | null
} & ({ onHand: number } | { delta: number })

/**
 * Changes what is on hand, fills orders that were short, and marks the listings dirty. A count below what is
 * reserved gives up the latest reservations: the goods are not there, and their orders become problems.
 * Returns the variants whose level changed.
 * @throws InputError for a figure that is no whole number or is negative; nothing is changed then.
 */
export async function changeStock(
  tx: Tx,
  edits: readonly StockEdit[],
  kind: MovementKind,
  act: Act,
): Promise<Set<string>> {
  for (const edit of edits) assertWhole(edit)
  const locked = await lockLevels(tx, [...new Set(edits.map((edit) => edit.variantId))])
  const levels = new Map(locked.map((level) => [placeOf(level), level]))
  const movements: Movement[] = []
  const touched = new Map<string, Touched>()
  const touch = (variantId: string, isFalling: boolean) =>
    touched.set(variantId, { variantId, isFalling: isFalling || touched.get(variantId)?.isFalling === true })
  const gaining = new Set<string>()
  for (const edit of edits) {
    const { variantId, warehouseId } = edit
    const level = levels.get(placeOf(edit)) ?? { variantId, warehouseId, onHand: 0, reserved: 0, incoming: 0 }
    const next = 'onHand' in edit ? edit.onHand : level.onHand + edit.delta
    if (next < 0) throw new InputError(`The stock would fall to ${next}. It cannot be negative.`, 'onHand')
    const delta = next - level.onHand
    if (delta === 0) continue
    levels.set(placeOf(edit), level)
    if (next < level.reserved) {
      const given = await giveUpReservations(tx, edit, level.reserved - next, act)
      noteGivenUp(levels, given)
      for (const part of given) {
        gaining.add(part.variantId)
        touch(part.variantId, false)
      }
    }
    level.onHand = next
    const { reason, reference = null } = edit
    movements.push({ variantId, warehouseId, onHand: delta, kind, reason, reference })
    touch(variantId, delta < 0)
    if (delta > 0) gaining.add(variantId)
  }
  await move(tx, movements, act)
  for (const id of await fillShortfalls(tx, gaining, act)) touch(id, true)
  await markDirty(tx, 'stock', [...touched.values()], act)
  return new Set(movements.map((movement) => movement.variantId))
}

const placeOf = ({ variantId, warehouseId }: { variantId: string; warehouseId: string }): string =>
  `${variantId} ${warehouseId}`

function noteGivenUp(levels: ReadonlyMap<string, Level>, given: readonly GivenUp[]): void {
  for (const part of given) {
    const level = levels.get(placeOf(part))
    if (level) level.reserved -= part.units
  }
}

function assertWhole(edit: StockEdit): void {
  const value = 'onHand' in edit ? edit.onHand : edit.delta
  if (!Number.isSafeInteger(value)) throw new InputError(`${value} is not a whole number of units.`, 'onHand')
  if ('onHand' in edit && value < 0)
    throw new InputError(`The stock cannot be ${value}: it must be zero or more.`, 'onHand')
}
