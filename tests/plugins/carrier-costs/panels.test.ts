import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { panelContent } from '../../../core/sdk/panel.ts'
import { carrierCosts } from '../../../plugins/carrier-costs/index.ts'
import { panels } from '../../../plugins/carrier-costs/panels.ts'
import { untranslated } from '../../support/texts.ts'
import { addShipment, header, openPlugin } from './invoices-support.ts'

let world: Awaited<ReturnType<typeof openPlugin>>
beforeAll(async () => {
  world = await openPlugin()
})
afterAll(() => world.drop())

const read = async () =>
  panelContent.parse(await panels[0]!.read({ subject: null, query: {} }, world.context)).blocks
const at = (daysAgo: number) => new Date(world.clock.now().getTime() - daysAgo * 86_400_000).toISOString()

describe('the page of carrier costs', () => {
  test('says so where nothing was shipped', async () => {
    const blocks = await read()
    expect(blocks[0]).toMatchObject({ kind: 'text', text: 'Nothing was shipped in the last thirteen weeks.' })
    expect(untranslated(carrierCosts, { blocks })).toEqual([])
  })

  test('adds up what was spent by week and carrier, each currency apart, and all of it is Chinese too', async () => {
    const { hub } = world
    await addShipment(hub, { id: 'shp_1', bookedAt: at(1) })
    await addShipment(hub, { id: 'shp_2', bookedAt: at(20) })
    await addShipment(hub, { id: 'shp_old', bookedAt: at(200) })
    await addShipment(hub, {
      id: 'shp_ups',
      carrier: 'ups',
      service: 'saver',
      currency: 'USD',
      bookedAt: at(2),
    })
    await addShipment(hub, { id: 'shp_free', charges: null, bookedAt: at(3) })
    await world.call(
      'POST',
      '/invoices?carrier=dhl',
      [header, `1,${at(0).slice(0, 10)},shp_1,EUR,1,12.00,base,BASE,,,`].join('\n'),
    )
    const blocks = await read()
    const figures = blocks.flatMap((block) => (block.kind === 'figures' ? block.figures : []))
    expect(figures.map(({ label, value }) => [label, value])).toEqual([
      ['Shipping costs, EUR', 2200],
      ['Shipping costs, USD', 1000],
      ['Parcels', 4],
      ['Without a known cost', 1],
    ])
    const plots = blocks.filter((block) => block.kind === 'plot')
    const euro = plots.find(({ title }) => title === 'Costs by week, EUR')!
    expect(euro.rows.reduce((sum, { dhl }) => sum + Number(dhl ?? 0), 0)).toBe(2200)
    expect(new Date(String(euro.rows[0]!.week)).getUTCDay()).toBe(1)
    const carriers = blocks.find((block) => block.kind === 'table' && block.title === 'Carriers')
    expect(carriers).toMatchObject({
      rows: [
        { carrier: 'dhl', shipments: 3, currency: 'EUR' },
        { carrier: 'ups', shipments: 1, currency: 'USD' },
      ],
    })
    // The names of carriers are data.
    expect(untranslated(carrierCosts, { blocks })).toEqual(['dhl', 'ups'])
  })
})
