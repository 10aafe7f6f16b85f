import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { PluginContext } from 'entrepot/sdk'
import { describe, expect, test } from 'vitest'
import { rateCard as rateCardCourier } from '../../../connectors/rate-card/index.ts'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { listAudit } from '../../../core/audit/read.ts'
import { rateShop } from '../../../core/sync/rate-shop.ts'
import { readCards, readHeads } from '../../../plugins/carrier-costs/cards/in-force.ts'
import { ask, connectTo, insertShipments, keepCard, run, useCostHub } from './hub.ts'
import { hasShared, makeCard, parcel, place, sharedFolder, sharedTitle } from './support.ts'

const steps = (amountMinor: number) => [
  { zone: '1', steps: [{ over: 0, notOver: 30_000, price: { kind: 'amount', amountMinor } }] },
]
const cardOf = (id: string, amountMinor: number, validity: object = {}) => ({
  ...makeCard(validity, { prices: steps(amountMinor) }),
  id,
})
const countVersions = async ({ db }: PluginContext) => (await readHeads(db)).length

describe('versions of a card', () => {
  const made = useCostHub()

  test('the same prices again change nothing, not even when they come twice at once', async () => {
    const { context } = made()
    const all = await Promise.all(Array.from({ length: 5 }, () => keepCard(context, cardOf('twice', 500))))
    expect(
      all
        .flat()
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['new', ...Array(4).fill('unchanged')])
    expect(await readHeads(context.db, 'twice')).toHaveLength(1)
  })

  test('other prices for the same days supersede, and what an old one priced can still be explained', async () => {
    const { hub, context } = made()
    await keepCard(context, cardOf('kept', 500))
    const before = await rateShop(hub, ask({ cards: ['kept'] }))
    const offer = before.offers[0]!
    expect(offer).toMatchObject({ totalMinor: 500, source: { id: 'kept', version: '1' } })
    await insertShipments(hub.db, [
      {
        id: 'shp_kept',
        carrier: 'x',
        service: 'S',
        from: 'DE',
        to: 'DE',
        shipAt: '2026-03-02T12:00:00Z',
        weightGrams: 1000,
        booked: null,
        quoted: 1,
        isCancelled: false,
      },
    ])
    await hub.db.execute(
      sql`update shipments set offer = ${JSON.stringify(offer)}::text::jsonb where id = 'shp_kept'`,
    )
    expect(await keepCard(context, cardOf('kept', 700))).toMatchObject([
      { version: 2, outcome: 'supersedes', supersedes: 1 },
    ])
    expect((await rateShop(hub, ask({ cards: ['kept'] }))).offers[0]).toMatchObject({
      totalMinor: 700,
      source: { version: '2' },
    })
    const explained = String(await run(made(), 'explain', ['shp_kept'])).split('\n')
    expect(explained[0]).toBe('shp_kept was priced by version 1 of Card, which gives the same price today.')
    expect(explained.at(-1)).toBe('Total 5.00 EUR.')
    expect(offer.explanation).toEqual(expect.arrayContaining(explained.slice(1)))
  })

  test('a withdrawn one prices nothing any more, and the one that it superseded does again', async () => {
    const { hub, context } = made()
    await keepCard(context, cardOf('back', 500))
    await keepCard(context, cardOf('back', 900))
    await run(made(), 'withdraw', ['back', '2'])
    expect((await rateShop(hub, ask({ cards: ['back'] }))).offers).toMatchObject([{ totalMinor: 500 }])
    await run(made(), 'withdraw', ['back', '1'])
    expect(await rateShop(hub, ask({ cards: ['back'] }))).toMatchObject({
      offers: [],
      unavailable: [{ reason: 'No version of the card is in force on the ship date.' }],
    })
    await expect(run(made(), 'withdraw', ['back', '3'])).rejects.toThrow('There is no version 3')
    expect(await keepCard(context, cardOf('back', 500))).toMatchObject([{ version: 3, outcome: 'new' }])
  })

  test('the ship date decides between them, also for prices that came later for days before', async () => {
    const { hub, context } = made()
    await keepCard(context, cardOf('dated', 500, { validUntil: null }))
    await keepCard(context, cardOf('dated', 800, { validFrom: '2026-04-01', validUntil: null }))
    await keepCard(context, cardOf('dated', 550, { validUntil: null }))
    const on = async (day: string) =>
      (await rateShop(hub, ask({ cards: ['dated'], shipAt: new Date(`${day}T12:00:00Z`) }))).offers.map(
        ({ totalMinor, source }) => [totalMinor, 'version' in source && source.version],
      )
    expect(await on('2026-03-31')).toEqual([[550, '3']])
    expect(await on('2026-04-01')).toEqual([[800, '2']])
    expect(await on('2025-12-31')).toEqual([])
  })

  test('one that does not fit is refused whole: a gap, another currency, another calendar', async () => {
    const { context } = made()
    await keepCard(context, cardOf('strict', 500))
    const before = await countVersions(context)
    await expect(
      keepCard(context, cardOf('strict', 1, { validFrom: '2027-02-01', validUntil: null })),
    ).rejects.toThrow('Close the gap')
    await expect(keepCard(context, { ...cardOf('strict', 1), currency: 'USD' })).rejects.toThrow(
      'The rate card "strict" has the currency EUR; the import has USD. Give the import another id.',
    )
    await expect(keepCard(context, { ...cardOf('strict', 1), timeZone: 'Asia/Tokyo' })).rejects.toThrow(
      'time zone',
    )
    expect(await countVersions(context)).toBe(before)
  })

  test('a document that cannot be read hides no other card', async () => {
    const { hub, context } = made()
    await keepCard(context, cardOf('broken', 777))
    await keepCard(context, cardOf('whole', 778))
    await context.db.execute(
      sql`update carrier_costs_card_versions set document = document - 'currency', fingerprint = 'x' where card_id = 'broken'`,
    )
    const { offers, unavailable } = await rateShop(hub, ask({ cards: ['broken', 'whole'] }))
    expect(offers.map(({ source }) => source)).toMatchObject([{ id: 'whole' }])
    expect(unavailable).toMatchObject([
      { source: { id: 'broken' }, reason: expect.stringContaining('cannot be read: currency') },
    ])
  })
})

describe('quotes by cards', () => {
  const made = useCostHub([rateCardCourier, woocommerce])

  test('what is not offered says why, and is never a price', async () => {
    const { hub, context } = made()
    await keepCard(context, cardOf('plain', 500))
    const dimensional = { unit: 'cm3/kg', divisor: { numerator: 5000, denominator: 1 } }
    await keepCard(context, { ...makeCard({}, { dimensional }), id: 'volume' })
    const reasons = async (more: Parameters<typeof ask>[0]) => {
      const { offers, unavailable } = await rateShop(
        hub,
        ask({ cards: ['plain', 'volume', 'none'], ...more }),
      )
      return {
        offers: offers.map(({ source }) => 'id' in source && source.id),
        reasons: Object.fromEntries(
          unavailable.map(({ source, reason }) => ['id' in source && source.id, reason]),
        ),
      }
    }
    expect(await reasons({ parcels: [parcel(1000)] })).toEqual({
      offers: ['plain'],
      reasons: {
        volume: 'The price depends on the size of each parcel, and one is missing.',
        none: 'There is no rate card "none".',
      },
    })
    expect(await reasons({ parcels: [parcel(30_001, [10, 10, 10])] })).toMatchObject({
      offers: [],
      reasons: { plain: 'Parcel 1 is heavier than 30.000 kg.' },
    })
    expect(await reasons({ to: place('FR', '75001') })).toMatchObject({
      offers: [],
      reasons: { plain: 'The rate card has no zone for this origin and destination.' },
    })
  })

  test('a price by declared value is worked out at the rate of the ship date, and not at all without one', async () => {
    const { hub, context } = made()
    const insured = {
      code: 'INS',
      label: 'Insurance',
      order: 1,
      when: { declaredValueOverMinor: 10_000 },
      rate: { kind: 'fixed', amountMinor: 250 },
    }
    await keepCard(context, { ...makeCard({ surcharges: [insured] }), id: 'insured' })
    const quote = (minor: number) =>
      rateShop(hub, ask({ cards: ['insured'], declaredValue: { minor, currency: 'USD' } }))
    expect(await quote(20_000)).toMatchObject({
      offers: [],
      unavailable: [{ reason: expect.stringContaining('no exchange rate from USD to EUR') }],
    })
    await context.db.execute(
      sql`insert into carrier_costs_exchange_rates values ('2026-03-01', 'EUR', 'USD', 1.25)`,
    )
    expect((await quote(12_501)).offers).toMatchObject([{ totalMinor: 750 }])
    expect((await quote(12_500)).offers).toMatchObject([{ totalMinor: 500 }])
  })

  test('a bound service can be booked by its courier; without its connection it is for comparison', async () => {
    const { hub, context } = made()
    await keepCard(context, cardOf('van', 420))
    const quote = async (more = {}) => (await rateShop(hub, ask({ cards: ['van'], ...more }))).offers
    expect(await quote()).toMatchObject([{ service: 'S', connectionId: null, carrier: 'Carrier' }])
    await expect(run(made(), 'bind', ['van', 'S', 'Our van', 'VAN'])).rejects.toThrow(
      'There is no connection "Our van"',
    )
    const settings = { carrierName: 'Our van', numberPrefix: 'VAN', services: [{ code: 'VAN', name: 'Van' }] }
    const connection = await connectTo(hub, rateCardCourier, settings, 'Our van')
    await expect(run(made(), 'bind', ['van', 'X', 'Our van', 'VAN'])).rejects.toThrow(
      'has no service "X". It has S.',
    )
    await run(made(), 'bind', ['van', 'S', 'Our van', 'VAN'])
    expect(await quote()).toMatchObject([
      {
        service: 'VAN',
        connectionId: connection.id,
        carrier: 'rate-card',
        source: { id: 'van', version: '1' },
      },
    ])
    expect(await quote({ services: ['VAN'] })).toHaveLength(1)
    expect(await quote({ services: ['OTHER'] })).toEqual([])
    expect(await run(made(), 'cards')).toContainEqual(
      expect.objectContaining({ id: 'van', bookable: ['S as VAN of Our van'] }),
    )
    expect(await listAudit(hub.db, { subject: 'van S', limit: 1 })).toMatchObject([
      { action: 'carrier-costs.service-bound', actor: 'cli:test' },
    ])
    await run(made(), 'bind', ['van', 'S'])
    expect(await quote()).toMatchObject([{ service: 'S', connectionId: null }])
  })

  test('the end of the prices is the end of their last day where the carrier is', async () => {
    const { hub, context } = made()
    const expiry = async (timeZone: string) => {
      const id = `zone-${timeZone}`
      await keepCard(context, { ...cardOf(id, 500), timeZone })
      return (await rateShop(hub, ask({ cards: [id] }))).offers[0]!.expiresAt?.toISOString()
    }
    expect(await expiry('UTC')).toBe('2027-01-01T00:00:00.000Z')
    expect(await expiry('Europe/Berlin')).toBe('2026-12-31T23:00:00.000Z')
    expect(await expiry('Pacific/Kiritimati')).toBe('2026-12-31T10:00:00.000Z')
    expect(await expiry('America/New_York')).toBe('2027-01-01T05:00:00.000Z')
  })
})

const hongkong = 'specs/ratecards/hongkongpost'
const usps = 'specs/ratecards/usps-notice123-2025-10'

describe.runIf(hasShared(hongkong) && hasShared(usps))(
  sharedTitle('published tariffs, imported whole', hongkong),
  () => {
    const made = useCostHub()

    test('come in once, price, and come in again without a change', async () => {
      const { hub, context } = made()
      const imported = (await run(made(), 'import', ['hongkong-post', sharedFolder(hongkong)])) as object[]
      expect(imported[0]).toMatchObject({ version: 1, outcome: 'new' })
      const zones = join(import.meta.dirname, 'usps-zones.csv')
      await run(made(), 'import', ['usps-notice', sharedFolder(usps)], { zones })
      expect(await countVersions(context)).toBe(2)
      const again = (await run(made(), 'import', ['hongkong-post', sharedFolder(hongkong)])) as object[]
      expect(again[0]).toMatchObject({ version: 1, outcome: 'unchanged' })
      expect(await run(made(), 'import', ['usps-notice', sharedFolder(usps)], { zones })).toMatchObject([
        { outcome: 'unchanged' },
        {},
        {},
        {},
        {},
      ])
      expect(await countVersions(context)).toBe(2)
      const cards = await readCards(context.db)
      expect(cards.map(({ id, currency }) => [id, currency])).toEqual([
        ['hongkong-post', 'HKD'],
        ['usps-retail', 'USD'],
      ])
      // 113 g to zone 1 is within 4 oz, $7.20 by the notice.
      const shipAt = new Date('2026-03-02T12:00:00Z')
      const home = ask({
        from: place('US', '10001'),
        to: place('US', '10000'),
        parcels: [parcel(113, [200, 150, 100])],
        shipAt,
      })
      expect((await rateShop(hub, home)).offers).toContainEqual(
        expect.objectContaining({ service: 'USPS_GROUND_ADVANTAGE', totalMinor: 720, currency: 'USD' }),
      )
      const abroad = await rateShop(
        hub,
        ask({ from: place('HK'), to: place('DE', '10115'), shipAt, parcels: [parcel(900)] }),
      )
      expect(abroad.offers.length).toBeGreaterThan(3)
      for (const offer of abroad.offers) {
        expect(offer.currency).toBe('HKD')
        expect(offer.explanation.length).toBeGreaterThan(3)
      }
      expect(abroad.unavailable).toContainEqual(
        expect.objectContaining({
          service: 'USPS_GROUND_ADVANTAGE',
          reason: expect.stringContaining('no zone'),
        }),
      )
    })

    test('a file that cannot be read leaves nothing behind', async () => {
      const before = await countVersions(made().context)
      await expect(run(made(), 'import', ['hongkong-post', '/nowhere'])).rejects.toThrow(
        '"/nowhere" cannot be read (ENOENT).',
      )
      await expect(run(made(), 'import', ['table', sharedFolder(hongkong)])).rejects.toThrow(
        'Nothing was imported. card.csv: It is missing',
      )
      await expect(run(made(), 'import', ['nothing', '/x'])).rejects.toThrow(
        'Use table, hongkong-post, usps-notice.',
      )
      expect(await countVersions(made().context)).toBe(before)
    })
  },
)
