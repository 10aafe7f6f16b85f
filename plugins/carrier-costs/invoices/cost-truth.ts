import { InputError, type PluginContext } from 'entrepot/sdk'
import { allocate } from './allocate.ts'
import { type Basis, type CostedShipment, streamCosts } from './shipment-costs.ts'
import { toDecimal, writeCsv } from './write-csv.ts'

export const costViews = ['order', 'sku', 'channel', 'lane'] as const
export type CostView = (typeof costViews)[number]

export type CostRow = {
  /** The order's id, the SKU, the channel's connection id, or `DE-FR`; empty where there is none. */
  name: string
  currency: string
  costMinor: number
  shipments: number
  /** Units sent, where the row is a SKU. */
  units: number
  /** How much of the cost is known from where. */
  invoicedMinor: number
  bookedMinor: number
  quotedMinor: number
  /** Shipments whose cost was split by units, because the weight of an item is not known. */
  splitByUnits: number
}
export type CostReport = {
  rows: CostRow[]
  /** Shipments of the period of which no cost is known at all. */
  withoutCost: number
}

/** Logistics costs of the shipments booked in a period, the costliest first. Currencies are never added up. */
export async function readCosts(
  context: Pick<PluginContext, 'db' | 'services'>,
  view: CostView,
  period: { from: Date; to: Date },
): Promise<CostReport> {
  const found = new Map<string, CostRow>()
  let withoutCost = 0
  for await (const costed of streamCosts(context, period)) {
    if (costed.costs.length === 0 && !costed.shipment.isCancelled) withoutCost += 1
    for (const part of split(view, costed)) add(found, part)
  }
  const sorted = [...found.values()].sort(
    (a, b) =>
      (a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0) ||
      b.costMinor - a.costMinor ||
      (a.name < b.name ? -1 : 1),
  )
  return { rows: sorted, withoutCost }
}

type Part = { name: string; currency: string; minor: number; basis: Basis; units: number; isByUnits: boolean }

function split(view: CostView, { shipment, costs }: CostedShipment): Part[] {
  const names = {
    order: shipment.orderId ?? '',
    channel: shipment.channelId ?? '',
    lane: `${shipment.from.country}-${shipment.to.country}`,
  }
  return costs.flatMap(({ minor, currency, basis }) => {
    if (view !== 'sku') return [{ name: names[view], currency, minor, basis, units: 0, isByUnits: false }]
    const items = shipment.items.length > 0 ? shipment.items : [{ sku: null, quantity: 1, weightGrams: null }]
    const { shares, by } = allocate(minor, mergeSkus(items))
    const isByUnits = by === 'units' && shares.length > 1
    return shares.map((share) => ({
      name: share.sku ?? '',
      currency,
      minor: share.minor,
      basis,
      units: shipment.items.length > 0 ? share.quantity : 0,
      isByUnits,
    }))
  })
}

type Item = CostedShipment['shipment']['items'][number]

/** Lines of the same SKU and weight are one item. */
function mergeSkus(items: readonly Pick<Item, 'sku' | 'quantity' | 'weightGrams'>[]) {
  const groups = Map.groupBy(items, ({ sku, weightGrams }) => JSON.stringify([sku, weightGrams]))
  return [...groups.values()].map((same) => ({
    ...same[0]!,
    quantity: same.reduce((sum, { quantity }) => sum + quantity, 0),
  }))
}

function add(found: Map<string, CostRow>, part: Part): void {
  const key = JSON.stringify([part.name, part.currency])
  const sums = { costMinor: 0, shipments: 0, units: 0, invoicedMinor: 0, bookedMinor: 0, quotedMinor: 0 }
  const row = found.get(key) ?? { name: part.name, currency: part.currency, ...sums, splitByUnits: 0 }
  row.costMinor += part.minor
  row[`${part.basis}Minor`] += part.minor
  row.shipments += 1
  row.units += part.units
  row.splitByUnits += part.isByUnits ? 1 : 0
  found.set(key, row)
}

/** The rows with amounts as decimals, as people and spreadsheets read them. */
export const toCostTable = (found: readonly CostRow[]) =>
  found.map(({ name, currency, shipments, units, splitByUnits, ...sums }) => ({
    name,
    cost: toDecimal(sums.costMinor, currency),
    currency,
    shipments,
    units,
    invoiced: toDecimal(sums.invoicedMinor, currency),
    booked: toDecimal(sums.bookedMinor, currency),
    quoted: toDecimal(sums.quotedMinor, currency),
    splitByUnits,
  }))

const columns = [
  'name',
  'cost',
  'currency',
  'shipments',
  'units',
  'invoiced',
  'booked',
  'quoted',
  'splitByUnits',
] as const
export const writeCosts = (found: readonly CostRow[]): string => writeCsv(toCostTable(found), columns)

/** @throws InputError */
export function readView(text: string | undefined): CostView {
  const view = costViews.find((known) => known === (text ?? 'order'))
  if (!view) throw new InputError(`"${text}" is no view: ${costViews.join(', ')}.`, 'by')
  return view
}
