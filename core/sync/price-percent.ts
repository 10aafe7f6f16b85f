import { sql } from 'drizzle-orm'
import { setBasePrices } from '../catalog/prices.ts'
import { query, type Tx } from '../db/client.ts'
import { texts } from '../lib/sql.ts'
import type { DoneItem, ItemAction, ItemOutcome } from '../work/action.ts'

/** What a change of prices by a share needs: in one currency, up or down. */
export type PercentParameters = { currency: string; basisPoints: number }

type Undo = { before: number; after: number; currency: string }

/** The price after a change, to the nearest minor unit and never below one. */
export const changeByShare = (minor: number, basisPoints: number): number =>
  Math.max(1, Math.round((minor * (10_000 + basisPoints)) / 10_000))

async function readPrices(
  tx: Tx,
  variantIds: readonly string[],
  currency: string,
): Promise<Map<string, number>> {
  const found = await query<{ id: string; minor: string }>(
    tx,
    sql`
    select variant_id as id, amount_minor as minor from base_prices
    where currency = ${currency} and variant_id in (${texts(variantIds)}) order by variant_id for update`,
  )
  return new Map(found.map(({ id, minor }) => [id, Number(minor)]))
}

/** Base prices of variants, up or down by a share. Guard rails and approvals stand behind it as behind every price. */
export const percentPrices: ItemAction = {
  role: 'manager',
  stepSize: 200,
  run: async ({ tx, act, work }, variantIds) => {
    const { currency, basisPoints } = work.parameters as PercentParameters
    const prices = await readPrices(tx, variantIds, currency)
    const changes = variantIds.flatMap((variantId) => {
      const before = prices.get(variantId)
      return before === undefined ? [] : [{ variantId, before, after: changeByShare(before, basisPoints) }]
    })
    await setBasePrices(
      tx,
      changes.map(({ variantId, after }) => ({
        variantId,
        price: { minor: after, currency },
        source: work.id,
      })),
      act,
    )
    const undoOf = new Map(
      changes.map(({ variantId, before, after }) => [variantId, { before, after, currency }]),
    )
    return variantIds.map((id): ItemOutcome => {
      const undo: Undo | undefined = undoOf.get(id)
      return undo ? { ok: true, undo } : { ok: false, reason: `It has no base price in ${currency}.` }
    })
  },
  undo: async ({ tx, act, work }, items: readonly DoneItem[]) => {
    const { currency } = work.parameters as PercentParameters
    const prices = await readPrices(
      tx,
      items.map((item) => item.subject),
      currency,
    )
    const isSame = ({ subject, undo }: DoneItem) => prices.get(subject) === (undo as Undo).after
    await setBasePrices(
      tx,
      items.filter(isSame).map(({ subject, undo }) => ({
        variantId: subject,
        price: { minor: (undo as Undo).before, currency },
        source: work.id,
      })),
      act,
    )
    return items.map(
      (item): ItemOutcome =>
        isSame(item) ? { ok: true } : { ok: false, reason: 'The price was changed again since.' },
    )
  },
}
