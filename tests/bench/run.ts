import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { figures as catalogueImport } from './catalogue-import.ts'
import { figures as catalogueSize } from './catalogue-size.ts'
import { figures as fairness } from './fairness.ts'
import { figures as historyComparison } from './history-comparison.ts'
import { figures as latency } from './latency.ts'
import { figures as listingAudit } from './listing-audit.ts'
import { figures as lists } from './lists.ts'
import { figures as orderImport } from './order-import.ts'
import { figures as orderLists } from './order-lists.ts'
import { figures as orderPull } from './order-pull.ts'
import { figures as overview } from './overview.ts'
import { figures as promotion } from './promotion.ts'
import { figures as push } from './push.ts'
import { figures as rateCards } from './rate-cards.ts'
import { figures as rateShop } from './rate-shop.ts'
import { figures as rest } from './rest.ts'
import type { Bench, Row } from './row.ts'
import { startServer } from './server.ts'
import { figures as shopBatches } from './shop-batches.ts'
import { figures as slowSellers } from './slow-sellers.ts'

/**
 * Measures the hub. What takes time by nature is set against a floor of the same run, because machines are
 * noisy: the rate limit's own arithmetic, or PostgreSQL's plain inserts. `--only` picks figures by a part of
 * their name, `--json` prints the rows for machines.
 */
const all = [
  ...orderImport,
  ...push,
  ...catalogueSize,
  ...catalogueImport,
  ...latency,
  ...shopBatches,
  ...orderLists,
  ...orderPull,
  ...overview,
  ...fairness,
  ...promotion,
  ...rateCards,
  ...historyComparison,
  ...rateShop,
  ...listingAudit,
  ...slowSellers,
  ...lists,
  ...rest,
]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
})
const chosen = all.filter((figure) => figure.name.includes(values.only))
if (chosen.length === 0) {
  console.error(`No figure is named so. There are: ${all.map((figure) => figure.name).join(', ')}.`)
  process.exit(1)
}

// What was compiled once, here or by the command line, is not compiled again by every child.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../../node_modules/.cache/entrepot', import.meta.url),
)
const startedAt = Date.now()
const note = (text: string) =>
  console.error(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`)
const rows: Row[] = []
const server = await startServer()
// A run that is broken off leaves neither servers nor folders behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void server.stop().then(() => process.exit(1)))
try {
  const bench: Bench = { server, note }
  for (const figure of chosen) {
    note(figure.name)
    const found = await figure.measure(bench)
    for (const row of found) note(`  ${row.ok ? 'ok  ' : 'MISS'} ${row.name}: ${describe(row)}`)
    rows.push(...found)
  }
} finally {
  await server.stop()
}
if (values.json) console.log(JSON.stringify(rows, null, 2))
else printTable()
process.exit(rows.every((row) => row.ok) ? 0 : 1)

function describe({ measured, unit, floor, ratio, bar }: Row): string {
  const against = ratio === null ? '' : `, floor ${floor} ${unit}, ratio ${ratio.toFixed(3)}`
  return `${measured} ${unit}${against} (${bar})`
}

function printTable(): void {
  const cells = rows.map((row) => [
    row.ok ? 'ok' : 'MISS',
    row.name,
    `${row.measured} ${row.unit}`,
    row.floor === null ? '' : `${row.floor} ${row.unit}`,
    row.ratio === null ? '' : row.ratio.toFixed(3),
    row.bar,
  ])
  const lines = [['', 'figure', 'measured', 'floor', 'ratio', 'bar'], ...cells]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}
