import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CostView, costViews, readCosts } from '../../../plugins/carrier-costs/invoices/cost-truth.ts'
import { readPeriod } from '../../../plugins/carrier-costs/invoices/period.ts'
import { addShipment, header, openPlugin } from './invoices-support.ts'

let world: Awaited<ReturnType<typeof openPlugin>>
beforeAll(async () => {
  world = await openPlugin()
  const { hub, channelId } = world
  const tin = { sku: 'TIN', weightGrams: 100 }
  const jar = { sku: 'JAR', weightGrams: 300 }
  await addShipment(hub, {
    id: 'shp_1',
    channelId,
    charges: [
      ['base', 'BASE', 1000],
      ['tax', 'VAT', 190],
    ],
    bookedMinor: 1190,
    items: [
      { ...tin, quantity: 1 },
      { ...jar, quantity: 2 },
    ],
  })
  await addShipment(hub, { id: 'shp_2', channelId, bookedMinor: 1100, items: [{ ...jar, quantity: 1 }] })
  await addShipment(hub, { id: 'shp_3', channelId, to: 'US', items: [{ ...tin, quantity: 3 }] })
  await addShipment(hub, { id: 'shp_4', charges: null })
  await addShipment(hub, { id: 'shp_5', isCancelled: true })
  await addShipment(hub, { id: 'shp_6', bookedAt: '2026-04-01T00:00:00Z' })
  await world.call(
    'POST',
    '/invoices?carrier=dhl',
    [
      header,
      '1,2026-03-10,shp_1,EUR,1,12.00,base,BASE,,,',
      '1,2026-03-10,shp_1,EUR,2,2.28,tax,VAT,,,',
      '1,2026-03-10,shp_1,EUR,3,-1.00,credit,,,,',
      '1,2026-03-10,shp_3,EUR,4,1.00,surcharge,OSP,,,',
    ].join('\n'),
  )
})
afterAll(() => world.drop())

const march = readPeriod({ from: '2026-03-01', to: '2026-03-31' }, new Date())
const read = (view: CostView) => readCosts(world.context, view, march)
const short = async (view: CostView) =>
  (await read(view)).rows.map(
    ({ name, costMinor, invoicedMinor, bookedMinor, quotedMinor, shipments, units }) => [
      name,
      costMinor,
      invoicedMinor,
      bookedMinor,
      quotedMinor,
      shipments,
      units,
    ],
  )

describe('true costs', () => {
  test('are invoiced less credits and tax where the price was billed, else booked, else quoted', async () => {
    expect(await short('order')).toEqual([
      ['ord_shp_1', 1100, 1100, 0, 0, 1, 0],
      ['ord_shp_2', 1100, 0, 1100, 0, 1, 0],
      ['ord_shp_3', 1000, 0, 0, 1000, 1, 0],
    ])
    expect((await read('order')).withoutCost).toBe(1)
  })

  test('by SKU go by weight: 100 g of tin and 600 g of jars share 11.00', async () => {
    // 1100 x 100 / 700 = 157.14; 1100 x 600 / 700 = 942.86, and the cent left over goes to the jars.
    expect(await short('sku')).toEqual([
      ['JAR', 943 + 1100, 943, 1100, 0, 2, 3],
      ['TIN', 157 + 1000, 157, 0, 1000, 2, 4],
    ])
  })

  test('by channel and lane', async () => {
    expect(await short('channel')).toEqual([[world.channelId, 3200, 1100, 1100, 1000, 3, 0]])
    expect((await short('lane')).map(([name, cost]) => [name, cost])).toEqual([
      ['DE-FR', 2200],
      ['DE-US', 1000],
    ])
  })

  test('go out as CSV, from the command and the route', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'costs-')), 'costs.csv')
    const given = { by: 'lane', from: '2026-03-01', to: '2026-03-31', csv: file }
    expect(await world.run('costs', [], given)).toBe(`2 written to ${file}; 1 shipments have no known cost.`)
    const text = await readFile(file, 'utf8')
    expect(text).toBe(
      'name,cost,currency,shipments,units,invoiced,booked,quoted,splitByUnits\r\n' +
        'DE-FR,22.00,EUR,2,0,11.00,11.00,0.00,0\r\nDE-US,10.00,EUR,1,0,0.00,0.00,10.00,0\r\n',
    )
    expect(await world.call('GET', '/costs?by=lane&from=2026-03-01&to=2026-03-31&format=csv')).toBe(text)
  })

  test('refuse a view or a period that is none', async () => {
    await expect(world.run('costs', [], { by: 'moon' })).rejects.toThrow(
      '"moon" is no view: order, sku, channel, lane.',
    )
    await expect(world.run('costs', [], { from: '2026-02-30' })).rejects.toThrow(
      '"2026-02-30" is no day such as 2026-03-01.',
    )
    await expect(world.run('costs', [], { from: '2026-03-02', to: '2026-03-01' })).rejects.toThrow(
      'The period ends before it begins.',
    )
  })

  test('add up to the same by every view', async () => {
    let count = 100
    const anyItems = fc.array(
      fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 9 }) }),
      { minLength: 1, maxLength: 4 },
    )
    const weights: Record<string, number | null> = { A: 70, B: 130, C: null }
    await fc.assert(
      fc.asyncProperty(anyItems, fc.integer({ min: 1, max: 9999 }), async (items, bookedMinor) => {
        count += 1
        await addShipment(world.hub, {
          id: `shp_${count}`,
          channelId: world.channelId,
          bookedMinor,
          items: items.map((item) => ({ ...item, weightGrams: weights[item.sku]! })),
        })
      }),
      { numRuns: 20 },
    )
    const sums = await Promise.all(
      costViews.map(async (view) => (await read(view)).rows.reduce((sum, row) => sum + row.costMinor, 0)),
    )
    expect(new Set(sums).size).toBe(1)
    for (const row of (await read('sku')).rows)
      expect(row.invoicedMinor + row.bookedMinor + row.quotedMinor).toBe(row.costMinor)
  })
})
