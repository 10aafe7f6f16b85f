import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importInvoices } from '../../../plugins/carrier-costs/invoices/import-invoices.ts'
import { genericProfile, invoiceProfile } from '../../../plugins/carrier-costs/invoices/profile.ts'
import { addShipment, bytesOf, header, openPlugin } from './invoices-support.ts'

let world: Awaited<ReturnType<typeof openPlugin>>
beforeAll(async () => {
  world = await openPlugin()
  await addShipment(world.hub, { id: 'shp_a', externalId: 'X-A' })
})
afterAll(() => world.drop())

const load = (text: string, profile = genericProfile, carrier: string | undefined = 'dhl') =>
  importInvoices(world.context, { profile, carrier, bytes: bytesOf(text), actor: 'anna' })
const wipe = () =>
  world.context.db.execute(sql`truncate carrier_costs_invoice_lines, carrier_costs_differences`)
const dump = async () =>
  [
    ...(await world.context.db.execute(sql`
      select invoice_number, line_key, subject, amount_minor from carrier_costs_invoice_lines order by 1, 2`)),
    ...(await world.context.db.execute(sql`
      select subject, key, amount_minor, state from carrier_costs_differences order by 1, 2`)),
  ].map((row) => JSON.stringify(row))

describe('an invoice file', () => {
  test('is matched by tracking number, the id of the courier and ours; bad rows stop nothing', async () => {
    await wipe()
    const report = await load(
      [
        header,
        '700,2026-03-10,T-shp_a,EUR,1,10.00,base,BASE,Paket,1,',
        '700,2026-03-10,X-A,EUR,2,1.00,surcharge,TOLL,"Toll, road",,',
        '700,2026-03-10,shp_a,EUR,3,0.50,surcharge,PEAK,Peak,,',
        '700,2026-03-10,T-none,EUR,4,3.00,base,BASE,,,',
        '700,10.03.2026,T-shp_a,EUR,5,1.00,base,,,,',
        '700,2026-03-10,T-shp_a,EUR,6,1.005,base,,,,',
        '700,2026-03-10,T-shp_a,EURO,7,1.00,base,,,,',
        ',2026-03-10,T-shp_a,EUR,8,1.00,base,,,,',
        '700,2026-03-10,T-shp_a,EUR,9,1.00,magic,,,,',
        '700,2026-03-10,T-shp_a,EUR,10,1.00',
        '700,2026-03-10,T-shp_a,EUR,1,11.00,base,BASE,Paket,1,',
      ].join('\n'),
    )
    expect(report).toEqual({
      rows: 11,
      imported: 4,
      repeated: 0,
      unknown: 1,
      refused: 7,
      faults: [
        { line: 6, column: 'invoice_date', reason: '"10.03.2026" is no day written as YYYY-MM-DD' },
        { line: 7, column: 'amount', reason: '1.005 has more decimals than EUR, which has 2' },
        { line: 8, column: 'currency', reason: '"EURO" is no ISO 4217 currency code' },
        { line: 9, column: 'invoice_number', reason: 'is empty' },
        {
          line: 10,
          column: 'kind',
          reason:
            '"magic" is no kind that the profile knows: base, fuel, surcharge, tax, discount, credit, other',
        },
        { line: 11, column: null, reason: 'The row has 6 columns, the header 11' },
        {
          line: 12,
          column: null,
          reason:
            'Line 1 of invoice 700 is there already and says something else. A carrier corrects by a credit or another invoice',
        },
      ],
    })
    expect(JSON.parse(await world.call('GET', '/invoices'))).toMatchObject([
      {
        carrier: 'dhl',
        invoice: '700',
        day: '2026-03-10',
        currency: 'EUR',
        lines: 4,
        unknown: 1,
        totalMinor: '1450',
      },
    ])
  })

  test('of a wide layout is read with a charge a column, decimal comma and the words of the carrier', async () => {
    await wipe()
    const profile = invoiceProfile.parse({
      name: 'wide',
      carrier: 'dhl',
      delimiter: ';',
      encoding: 'windows-1252',
      decimal: ',',
      thousands: '.',
      dateFormat: 'DD.MM.YYYY',
      currency: 'EUR',
      columns: { invoiceNumber: 'Rechnung', invoiceDate: 'Datum', reference: ['Sendung', 'Referenz'] },
      charges: [
        { column: 'Fracht', kind: 'base' },
        { column: 'Zuschläge', kind: 'surcharge', code: 'ZU' },
      ],
    })
    const text =
      'Rechnung;Datum;Sendung;Referenz;Fracht;Zuschläge\r\nR1;01.03.2026;;shp_a;1.010,50;0,00\r\nR1;01.03.2026;T-x;;5,00;2,00\r\n'
    const bytes = (async function* () {
      yield Buffer.from(text, 'latin1')
    })()
    const report = await importInvoices(world.context, { profile, bytes, actor: 'anna' })
    expect(report).toMatchObject({ rows: 2, imported: 3, unknown: 2, refused: 0 })
    const found = await world.context.db.execute(
      sql`select reference, kind, code, amount_minor from carrier_costs_invoice_lines order by amount_minor`,
    )
    expect([...found]).toEqual([
      { reference: 'T-x', kind: 'surcharge', code: 'ZU', amount_minor: '200' },
      { reference: 'T-x', kind: 'base', code: 'Fracht', amount_minor: '500' },
      { reference: 'shp_a', kind: 'base', code: 'Fracht', amount_minor: '101050' },
    ])
  })

  test('whose quote never closes is taken up to there, and says where', async () => {
    await wipe()
    const report = await load(
      `${header}\n700,2026-03-10,T-shp_a,EUR,1,10.00,base,,,,\n700,2026-03-10,"T-shp_a,EUR\n1,2`,
    )
    expect(report).toMatchObject({ rows: 1, imported: 1, refused: 1 })
    expect(report.faults[0]).toEqual({
      line: 3,
      column: null,
      reason: 'A quote that opens there is never closed; what follows was not read',
    })
  })

  const refused: [string, string, string][] = [
    ['empty', '', 'The file is empty.'],
    [
      'without columns',
      'a,b\n1,2',
      'The file lacks the columns invoice_number, invoice_date, reference, currency, amount',
    ],
    ['with a column twice', `${header},amount\n`, 'Two columns are named "amount".'],
    ['binary', 'a\0b\n', 'The header is no utf-8, which the profile expects.'],
  ]
  test.each(refused)('%s is refused as a whole', async (_name, text, message) => {
    await expect(load(text)).rejects.toThrow(message)
  })

  test('needs a carrier where the profile is for any', async () => {
    const given = { profile: genericProfile, bytes: bytesOf(header), actor: 'anna' }
    await expect(importInvoices(world.context, given)).rejects.toThrow(
      'Name the carrier: the profile "generic" is for any.',
    )
  })
})

test('a file imported twice, or cut off and imported again, is a file imported once', async () => {
  const anyLine = fc.record({
    invoice: fc.constantFrom('1', '2'),
    reference: fc.constantFrom('T-shp_a', 'shp_a', 'T-none', ''),
    cents: fc.integer({ min: -300, max: 1500 }),
    kind: fc.constantFrom('base', 'surcharge', 'tax', 'credit'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 12 }), fc.nat({ max: 12 }), async (lines, cut) => {
      const rows = lines.map(({ invoice, reference, cents, kind }) => {
        const amount = `${cents < 0 ? '-' : ''}${(Math.abs(cents) / 100).toFixed(2)}`
        return `${invoice},2026-03-1${invoice},${reference},EUR,,${amount},${kind},,,,`
      })
      await wipe()
      await load([header, ...rows].join('\n'))
      const once = await dump()
      const again = await load([header, ...rows].join('\n'))
      expect(again).toMatchObject({ imported: 0, repeated: lines.length })
      expect(await dump()).toEqual(once)
      await wipe()
      await load([header, ...rows.slice(0, cut)].join('\n'))
      await load([header, ...rows].join('\n'))
      expect(await dump()).toEqual(once)
    }),
    { numRuns: 25 },
  )
})

test('lines are judged the same whether they come in one batch or in many, and at once', async () => {
  await wipe()
  const rows = Array.from({ length: 1203 }, (_, at) => `9,2026-03-10,T-shp_a,EUR,${at},0.01,other,C${at},,,`)
  const text = [header, '9,2026-03-10,T-shp_a,EUR,b,10.00,base,BASE,,,', ...rows].join('\n')
  const both = await Promise.all([load(text), load(text)])
  expect(both[0].imported + both[1].imported).toBe(1204)
  expect(both[0].repeated + both[1].repeated).toBe(1204)
  const found = await world.context.db.execute(
    sql`select sum(amount_minor)::int as excess from carrier_costs_differences where subject = 'shp_a'`,
  )
  // Quoted 10.00 as one sum: of the 12.03 above it no more than the tolerance of 0.05 is let pass.
  expect([...found]).toEqual([{ excess: 1198 }])
})
