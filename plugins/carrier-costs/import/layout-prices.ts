import { oneOf, readAmount, readWeight, readWeightUnit, type Units } from './cells.ts'
import { type Collector, dropTwins, needCell, readCell } from './collect.ts'
import type { Services } from './layout-services.ts'
import type { Table, TableRow } from './table.ts'

/** Reads the steps into their services. */
export function readPrices(collector: Collector, table: Table, services: Services, units: Units): void {
  const indexOf = new Map([...services.keys()].map((code, index) => [code, index]))
  const firstRows = new Map<string, number>()
  for (const row of dropTwins(collector, table)) {
    const code = needCell(collector, table, row, 'service', (text) => text)
    const zone = needCell(collector, table, row, 'zone', (text) => text)
    if (code === undefined || zone === undefined) continue
    const service = services.get(code)
    if (!service) {
      collector.faults.push({
        file: table.file,
        row: row.row,
        column: 'service',
        message: `The service "${code}" is not known. Give it a name in the card, or correct the code.`,
      })
      continue
    }
    const weight = (text: string) => readWeight(text, units.weight)
    const over = needCell(collector, table, row, 'over', weight)
    const notOver = needCell(collector, table, row, 'not_over', weight)
    const maxWeight = readCell(collector, table, row, 'max_weight', weight)
    const key = JSON.stringify([code, zone, over, notOver])
    const first = firstRows.get(key)
    firstRows.set(key, first ?? row.row)
    if (first !== undefined) {
      collector.faults.push({
        file: table.file,
        row: row.row,
        column: 'amount',
        message: `It contradicts row ${first}, which prices the same weights otherwise. Remove one of them.`,
      })
      continue
    }
    let price = service.prices.find((entry) => entry.zone === zone)
    if (!price) {
      price = { zone, maxWeight: null, steps: [] }
      service.prices.push(price)
    }
    const path = `services/${indexOf.get(code)}/prices/${service.prices.indexOf(price)}`
    const place = { file: table.file, row: row.row, column: 'over' }
    if (price.steps.length === 0) collector.places.set(path, { ...place, column: 'zone' })
    collector.places.set(`${path}/steps/${price.steps.length}`, place)
    if (maxWeight !== undefined && price.maxWeight !== null && price.maxWeight !== maxWeight)
      collector.faults.push({
        file: table.file,
        row: row.row,
        column: 'max_weight',
        message: 'It contradicts an earlier row of the same service and zone. Give one limit.',
      })
    price.maxWeight = maxWeight ?? price.maxWeight
    price.steps.push({ over, notOver, price: readStepPrice(collector, table, row, units) })
  }
}

function readStepPrice(collector: Collector, table: Table, row: TableRow, units: Units) {
  const amount = (text: string) => readAmount(text, units.currency)
  const kind =
    readCell(
      collector,
      table,
      row,
      'kind',
      oneOf(['amount', 'additional', 'per_weight', 'flat', 'per_piece']),
    ) ?? 'amount'
  const amountMinor = needCell(collector, table, row, 'amount', amount)
  if (kind === 'additional' || kind === 'per_weight') {
    const more = needCell(collector, table, row, 'additional', amount)
    const unit = needCell(collector, table, row, 'unit', (text) => readWeightUnit(text, units.weight))
    return kind === 'additional'
      ? { kind, amountMinor, additionalMinor: more, unit }
      : { kind: 'perWeight', amountMinor, rateMinor: more, unit }
  }
  for (const column of ['additional', 'unit'])
    if (row.cells[column])
      collector.faults.push({
        file: table.file,
        row: row.row,
        column,
        message: `A price of the kind ${kind} has none. Empty it, or write additional or per_weight as the kind.`,
      })
  return { kind: kind === 'per_piece' ? 'perPiece' : kind, amountMinor }
}
