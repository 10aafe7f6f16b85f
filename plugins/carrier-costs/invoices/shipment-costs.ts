import { sql } from 'drizzle-orm'
import type { PluginContext, PluginDb, ShipmentFacts } from 'entrepot/sdk'
import { agreedCost } from './reconcile.ts'
import { rows } from './rows.ts'

export const bases = ['invoiced', 'booked', 'quoted'] as const
/** Where a cost is known from, the surest first. */
export type Basis = (typeof bases)[number]
export type Cost = { minor: number; currency: string; basis: Basis }
export type CostedShipment = {
  shipment: ShipmentFacts
  /** One a currency; none where nothing is known, or a cancelled label was never billed. */
  costs: Cost[]
  /** What was billed without tax, less credits; null until the price itself was billed. */
  invoiced: Cost[] | null
}

const pageSize = 500

/** Shipments booked in a period with what they cost, read page by page. */
export async function* streamCosts(
  { db, services }: Pick<PluginContext, 'db' | 'services'>,
  period: { from: Date; to: Date },
): AsyncGenerator<CostedShipment> {
  let page: ShipmentFacts[] = []
  for await (const shipment of services.streamShipments(period)) {
    page.push(shipment)
    if (page.length < pageSize) continue
    yield* await costPage(db, page)
    page = []
  }
  yield* await costPage(db, page)
}

async function costPage(db: PluginDb, page: readonly ShipmentFacts[]): Promise<CostedShipment[]> {
  if (page.length === 0) return []
  const billed = await rows<{ id: string; currency: string; minor: string; isPriced: boolean }>(
    db,
    sql`
    select subject as id, currency, sum(amount_minor) as minor, bool_or(kind = 'base') as "isPriced"
    from carrier_costs_invoice_lines
    where kind <> 'tax' and subject = any(${sql.param(page.map(({ id }) => id))}::text[])
    group by 1, 2 order by 1, 2`,
  )
  const byId = Map.groupBy(billed, ({ id }) => id)
  return page.map((shipment) => {
    const lines = byId.get(shipment.id) ?? []
    const isPriced = shipment.isCancelled ? lines.length > 0 : lines.some((line) => line.isPriced)
    const invoiced = isPriced
      ? lines.map(({ currency, minor }): Cost => ({ minor: Number(minor), currency, basis: 'invoiced' }))
      : null
    return { shipment, invoiced, costs: invoiced ?? (shipment.isCancelled ? [] : expectedCost(shipment)) }
  })
}

/** What the courier said at booking; the quote's tax is taken off where it is the quoted total. */
function expectedCost(shipment: ShipmentFacts): Cost[] {
  const { quoted, booked } = shipment
  const agreed = agreedCost(shipment)
  if (!booked) return agreed ? [{ minor: agreed.minor, currency: agreed.currency, basis: 'quoted' }] : []
  const isAsQuoted = quoted?.currency === booked.currency && quoted.totalMinor === booked.totalMinor
  return [
    { minor: isAsQuoted ? agreed!.minor : booked.totalMinor, currency: booked.currency, basis: 'booked' },
  ]
}
