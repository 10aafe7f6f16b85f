import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HistoryRow } from '../../../plugins/carrier-costs/compare/history-totals.ts'
import {
  type HistoryAnswer,
  type HistoryProgress,
  runHistory,
} from '../../../plugins/carrier-costs/compare/run-history.ts'
import { carrierCosts } from '../../../plugins/carrier-costs/index.ts'
import { insertShipments, keepCard, type MadeShipment, run, useCostHub } from './hub.ts'
import { makeCard } from './support.ts'

/** Shipments that differ, from a fixed seed: two carriers, three countries, some too heavy, cancelled or unpaid. */
function makeShipments(count: number): MadeShipment[] {
  let state = 7
  const draw = (most: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  return Array.from({ length: count }, (_, index) => ({
    id: `shp_${String(index).padStart(6, '0')}`,
    carrier: draw(2) === 0 ? 'ups' : 'dhl',
    service: draw(3) === 0 ? 'EXP' : 'STD',
    from: 'DE',
    to: ['DE', 'AT', 'FR'][draw(3)]!,
    // The first day of each month of the year's first half; the card begins in February.
    shipAt: `2026-0${1 + draw(6)}-01T0${draw(10)}:00:00Z`,
    weightGrams: 1 + draw(33_000),
    booked: draw(4) === 0 ? null : 400 + draw(2000),
    quoted: draw(5) === 0 ? null : 300 + draw(2000),
    isCancelled: draw(20) === 0,
  }))
}

const count = 3000
const shipments = makeShipments(count)
const live = shipments.filter(({ isCancelled }) => !isCancelled)

const zoned = (steps: object[]) => ({
  validFrom: '2026-02-01',
  validUntil: null,
  zoneSets: [
    {
      id: 'zones',
      zones: [{ id: '1', name: '1' }],
      rules: ['DE', 'AT'].map((country) => ({ zone: '1', country })),
    },
  ],
  services: [
    ['A', steps],
    ['B', [{ over: 0, notOver: 5000, price: { kind: 'amount', amountMinor: 650 } }]],
  ].map(([code, list]) => ({
    code,
    name: code,
    zoneSet: 'zones',
    limits: { maxWeight: 30_000 },
    prices: [{ zone: '1', steps: list }],
  })),
})
const cardA = {
  ...makeCard(
    zoned([
      {
        over: 0,
        notOver: 30_000,
        price: { kind: 'additional', amountMinor: 300, additionalMinor: 70, unit: 1000 },
      },
    ]),
  ),
  id: 'a',
}
const cardB = { ...cardA, id: 'b', currency: 'USD' }

/** The same by hand, a shipment at a time. */
const isPriceable = ({ to, shipAt }: MadeShipment) => to !== 'FR' && shipAt >= '2026-02'
const priceA = (one: MadeShipment) =>
  isPriceable(one) && one.weightGrams <= 30_000 ? 300 + Math.ceil(one.weightGrams / 1000) * 70 : null
const priceB = (one: MadeShipment) => (isPriceable(one) && one.weightGrams <= 5000 ? 650 : null)
const cheapest = (one: MadeShipment) => {
  const prices = [priceA(one), priceB(one)].filter((price) => price !== null)
  return prices.length > 0 ? Math.min(...prices) : null
}
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
const totalOf = (rows: readonly HistoryRow[]) => sum(rows.map(({ totalMinor }) => totalMinor))

describe('what past shipments would have cost', () => {
  const made = useCostHub()
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-history-'))
    const { hub, context } = made()
    await insertShipments(hub.db, shipments)
    await keepCard(context, cardA)
    await keepCard(context, cardB)
    // Half a year of days; the rate of April is another.
    await context.db.execute(
      sql`insert into carrier_costs_exchange_rates values ('2026-01-01', 'EUR', 'USD', 1.25), ('2026-04-01', 'EUR', 'USD', 1.6)`,
    )
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const period = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-07-01T00:00:00Z') }
  async function compareAll(
    more: object = {},
  ): Promise<{ answer: HistoryAnswer; progress: HistoryProgress[] }> {
    const progress: HistoryProgress[] = []
    const work = runHistory(made().context, { ...period, currency: 'EUR', ...more })
    for (;;) {
      const step = await work.next()
      if (step.done) return { answer: step.value, progress }
      progress.push(step.value)
    }
  }

  test('is the sum of each shipment priced by hand, by service, lane and the cheapest of a card', async () => {
    const { answer, progress } = await compareAll()
    expect(answer).toMatchObject({ shipments: live.length, cancelled: count - live.length })
    expect(progress.map(({ shipments: seen }) => seen)).toEqual([500, 1000, 1500, 2000, 2500, 3000])
    for (const [service, price] of [
      ['A', priceA],
      ['B', priceB],
      [null, cheapest],
    ] as const) {
      for (const lane of ['DE>DE', 'DE>AT', 'DE>FR']) {
        const rows = answer.rows.filter(
          (row) => row.card === 'a' && row.service === service && row.lane === lane,
        )
        const there = live.filter(({ to }) => `DE>${to}` === lane)
        const priced = there.filter((one) => price(one) !== null)
        expect(totalOf(rows)).toBe(sum(priced.map((one) => price(one)!)))
        expect(sum(rows.map((row) => row.priced))).toBe(priced.length)
        for (const [against, of] of [
          ['againstBooked', 'booked'],
          ['againstQuoted', 'quoted'],
        ] as const) {
          const both = priced.filter((one) => one[of] !== null)
          const cardMinor = sum(both.map((one) => price(one)!))
          const actualMinor = sum(both.map((one) => one[of]!))
          if (both.length > 0)
            expect(rows[0]![against]).toEqual({
              shipments: both.length,
              actualMinor,
              cardMinor,
              differenceMinor: cardMinor - actualMinor,
            })
        }
      }
    }
  })

  test('counts what could not be priced with its reason and an example, and never as zero', async () => {
    const { rows } = (await compareAll({ cards: ['a'] })).answer
    for (const row of rows)
      expect(row.priced + sum(row.unpriced.map((entry) => entry.shipments))).toBe(row.shipments)
    const toAustria = rows.find(
      (row) => row.kind === 'service' && row.service === 'A' && row.lane === 'DE>AT',
    )!
    const heavy = live.filter((one) => one.to === 'AT' && one.shipAt >= '2026-02' && one.weightGrams > 30_000)
    expect(toAustria.unpriced).toMatchObject([{ code: 'too_heavy', shipments: heavy.length }])
    expect(heavy.map(({ id }) => id)).toContain(toAustria.unpriced[0]!.example)
    const early = live.filter((one) => one.to === 'AT' && one.shipAt < '2026-02').length
    expect(rows.find((row) => row.kind === 'cheapest' && row.lane === 'DE>AT')!.unpriced).toContainEqual(
      expect.objectContaining({ code: 'no_card_in_force', shipments: early }),
    )
    const actual = rows.filter(({ kind }) => kind === 'actual')
    expect(totalOf(actual)).toBe(sum(live.map(({ booked, quoted }) => booked ?? quoted ?? 0)))
    expect(sum(actual.flatMap(({ unpriced }) => unpriced.map((entry) => entry.shipments)))).toBe(
      live.filter(({ booked, quoted }) => booked === null && quoted === null).length,
    )
  })

  test('takes each amount at the rate of its ship date, and says of what has none', async () => {
    const { rows } = (await compareAll({ cards: ['b'] })).answer
    const inEuro = (one: MadeShipment) => {
      const rate = one.shipAt < '2026-04' ? 125 : 160
      const minor = priceA(one)
      return minor === null ? 0 : Math.floor((2 * minor * 100 + rate) / (2 * rate))
    }
    expect(totalOf(rows.filter((row) => row.service === 'A'))).toBe(sum(live.map(inEuro)))
    const inYen = (await compareAll({ cards: ['b'], currency: 'JPY' })).answer.rows
    expect(totalOf(inYen)).toBe(0)
    expect(inYen.find((row) => row.service === 'A' && row.lane === 'DE>DE')!.unpriced).toContainEqual(
      expect.objectContaining({ reason: 'There is no exchange rate from USD to JPY for the ship date.' }),
    )
  })

  test('comes as CSV, whose decimals are the same sums', async () => {
    const csv = join(folder, 'out.csv')
    const shown = (await run(made(), 'history', [], {
      from: '2026-01-01',
      to: '2026-07-01',
      currency: 'EUR',
      csv,
    })) as object[]
    const rows = parse(await readFile(csv, 'utf8'), { columns: true }) as Record<string, string>[]
    expect(rows).toHaveLength(shown.length)
    const total = rows
      .filter((row) => row.card === 'a' && row.kind === 'cheapest')
      .map((row) => Number(row.total!.replace('.', '')))
    expect(sum(total)).toBe(sum(live.map((one) => cheapest(one) ?? 0)))
  })

  test('comes over HTTP as lines with progress in between, or as CSV', async () => {
    const app = carrierCosts.routes!(made().context)
    const query = 'from=2026-01-01&to=2026-07-01&currency=EUR&cards=a'
    const lines = (await (await app.request(`/history?${query}`)).text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.slice(0, 6).map((line) => Object.keys(line))).toEqual(Array(6).fill(['progress']))
    expect(lines.at(-1)).toMatchObject({ answer: { shipments: live.length, currency: 'EUR' } })
    const rows = lines.flatMap((line) => (line.row ? [line.row as HistoryRow] : []))
    expect(rows).toEqual((await compareAll({ cards: ['a'] })).answer.rows)
    const csv = await app.request(`/history?${query}&format=csv`)
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect((await csv.text()).trimEnd().split('\r\n')).toHaveLength(rows.length + 1)
    const broken = await (
      await app.request('/history?from=2026-01-01&to=2026-07-01&currency=EUR&cards=nothing')
    ).text()
    expect(JSON.parse(broken)).toEqual({ error: { message: 'There is no rate card "nothing".' } })
  })

  test('refuses a question that it does not understand', async () => {
    await expect(run(made(), 'history', [], { from: '2026-01-01', to: '2026-07-01' })).rejects.toThrow(
      'currency',
    )
    await expect(compareAll({ from: period.to })).rejects.toThrow('The period ends before it begins.')
    await expect(compareAll({ currency: 'XQX' })).rejects.toThrow('no ISO 4217')
  })
})
