import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../../core/audit/read.ts'
import { listProblems } from '../../../core/problems/problems.ts'
import { ConflictError } from '../../../core/sdk/errors.ts'
import { decideDispute, listDisputes } from '../../../plugins/carrier-costs/invoices/disputes.ts'
import { addShipment, header, openPlugin } from './invoices-support.ts'

let world: Awaited<ReturnType<typeof openPlugin>>
beforeEach(async () => {
  world = await openPlugin()
  await addShipment(world.hub, {
    id: 'shp_a',
    quotedWeightGrams: 1000,
    charges: [
      ['base', 'BASE', 1000],
      ['fuel', 'FUEL', 100],
    ],
  })
})
afterEach(() => world.drop())

const bill = async (...rows: string[]) =>
  JSON.parse(await world.call('POST', '/invoices?carrier=dhl', [header, ...rows].join('\n'))) as object
const short = async () =>
  (await listDisputes(world.context.db)).map(
    ({ subject, cause, amountMinor, creditedMinor, state, deadline }) => [
      subject,
      cause,
      amountMinor,
      creditedMinor,
      state,
      deadline,
    ],
  )
const heavier = '700,2026-03-10,T-shp_a,EUR,1,15.50,base,BASE,Paket,3,'
const fuel = '700,2026-03-10,T-shp_a,EUR,2,1.00,fuel,FUEL,Fuel,,'
const jobOf = (id: string) => async () => {
  const { parts } = await import('../../../plugins/carrier-costs/parts.ts')
  await parts.jobs.find((job) => job.id === id)!.run(world.context)
}

describe('a dispute', () => {
  test('goes from open to claimed to credited by a later invoice, and is not touched by the same file again', async () => {
    await bill(heavier, fuel)
    // 30 days after the 10th of March.
    expect(await short()).toEqual([['shp_a', 'weight', 550, 0, 'open', '2026-04-09']])
    await world.run('dispute-decide', ['shp_a', 'price:EUR', 'claimed'], { note: 'case 77' })
    await bill(heavier, fuel)
    expect(await listDisputes(world.context.db)).toMatchObject([{ state: 'claimed', note: 'case 77' }])
    await bill('705,2026-04-01,T-shp_a,EUR,1,-3.00,credit,,,,')
    expect(await short()).toEqual([['shp_a', 'weight', 550, 300, 'claimed', '2026-04-09']])
    await bill('706,2026-04-02,T-shp_a,EUR,1,-2.50,credit,,,,')
    expect(await short()).toEqual([['shp_a', 'weight', 550, 550, 'credited', '2026-04-09']])
    const audit = await listAudit(world.hub.db, { subject: 'shp_a price:EUR', limit: 5 })
    expect(audit).toMatchObject([{ actor: 'anna', action: 'carrier-costs.dispute.decided' }])
  })

  test('grows with what is billed later, whatever was decided, and opens again when a credit no longer covers it', async () => {
    await bill(heavier, fuel, '700,2026-03-10,T-shp_a,EUR,3,-5.50,credit,,,,')
    expect(await short()).toEqual([['shp_a', 'weight', 550, 550, 'credited', '2026-04-09']])
    await bill('707,2026-04-03,T-shp_a,EUR,1,2.00,base,RE-WEIGHED,,4,')
    expect(await short()).toEqual([['shp_a', 'weight', 750, 550, 'open', '2026-05-03']])
  })

  test('takes the deadline that the contract gives', async () => {
    const settlement = { currency: 'EUR', invoiced: 'month', payWithinDays: 14, disputeDays: 10 }
    const contract = { id: 'dhl-1', carrier: 'dhl', title: 'DHL', validFrom: '2026-01-01', settlement }
    await world.call('PUT', '/contracts', contract)
    await bill(heavier, fuel)
    expect(await short()).toEqual([['shp_a', 'weight', 550, 0, 'open', '2026-03-20']])
  })

  test('follows only what may follow, and a decision names what there is', async () => {
    await bill(heavier, fuel)
    const decide = (key: string, state: string) =>
      decideDispute(world.context, { subject: 'shp_a', key, state, note: '', actor: 'anna' })
    await expect(decide('price:EUR', 'lost')).rejects.toThrow(
      '"lost" is no state: open, claimed, credited, rejected, written_off.',
    )
    await expect(decide('none', 'claimed')).rejects.toThrow('There is no dispute none of shp_a.')
    await expect(decide('price:EUR', 'rejected')).rejects.toThrow(
      'The dispute price:EUR of shp_a is open: it cannot become rejected.',
    )
    await decide('price:EUR', 'claimed')
    await decide('price:EUR', 'rejected')
    await decide('price:EUR', 'written_off')
    await expect(decide('price:EUR', 'credited')).rejects.toThrow(ConflictError)
  })

  test('is no dispute where too little is billed', async () => {
    await bill('700,2026-03-10,T-shp_a,EUR,1,9.00,base,BASE,,,', fuel)
    expect(await short()).toEqual([])
    expect(await listDisputes(world.context.db, { state: 'in_our_favour' })).toMatchObject([
      { cause: 'price', amountMinor: -100 },
    ])
    const decision = { subject: 'shp_a', key: 'price:EUR', state: 'claimed', note: '', actor: 'a' }
    await expect(decideDispute(world.context, decision)).rejects.toThrow(
      'price:EUR of shp_a is billed too little: there is nothing to dispute.',
    )
  })

  test('across invoices and for a cancelled label', async () => {
    await addShipment(world.hub, { id: 'shp_c', isCancelled: true })
    await bill(
      '700,2026-03-10,T-shp_a,EUR,1,10.00,base,BASE,,,',
      fuel,
      '700,2026-03-10,T-shp_c,EUR,3,10.00,base,,,,',
    )
    await bill('701,2026-03-20,T-shp_a,EUR,1,10.00,base,BASE,,,')
    expect(await short()).toEqual([
      ['shp_c', 'cancelled', 1000, 0, 'open', '2026-04-09'],
      ['shp_a', 'duplicate', 1000, 0, 'open', '2026-04-19'],
    ])
  })
})

describe('the list', () => {
  test('goes to the carrier as CSV, and no word of an invoice becomes a formula', async () => {
    await bill('700,2026-03-10,=1+1,EUR,1,2.00,base,BASE,,,')
    expect(await world.call('GET', '/disputes?format=csv')).toBe(
      'carrier,invoiceNumber,invoiceDate,reference,shipmentId,cause,code,amount,credited,currency,deadline,state,reason,note\r\n' +
        "dhl,700,2026-03-10,'=1+1,,unknown,,2.00,0.00,EUR,2026-04-09,open,There is no shipment =1+1.,\r\n",
    )
    expect(JSON.parse(await world.call('GET', '/disputes?cause=weight'))).toEqual([])
  })

  test('refuses a filter that nothing can match', async () => {
    await expect(world.run('disputes', [], { cause: 'moon' })).rejects.toThrow(
      '"moon" is no cause: weight, size, surcharge, duplicate, price, unknown, cancelled.',
    )
  })
})

describe('looking again', () => {
  test('finds shipments that came later, and what was unknown is judged', async () => {
    await bill('700,2026-03-10,T-late,EUR,1,12.00,base,BASE,,,')
    expect(await short()).toEqual([['unknown:dhl:T-late', 'unknown', 1200, 0, 'open', '2026-04-09']])
    await addShipment(world.hub, { id: 'shp_late', parcels: [{ tracking: 'T-late' }] })
    await jobOf('invoices')()
    expect(await short()).toEqual([['shp_late', 'price', 200, 0, 'open', '2026-04-09']])
    expect(await world.run('invoices-check')).toEqual({ matched: 0 })
  })

  test('judges by a changed tolerance', async () => {
    await bill('700,2026-03-10,T-shp_a,EUR,1,10.50,base,BASE,,,', fuel)
    expect((await short()).length).toBe(1)
    expect(await world.run('invoice-settings', [], { 'tolerance-minor': '50' })).toEqual({
      toleranceMinor: 50,
      disputeDays: 30,
    })
    await world.run('invoices-check')
    expect(await short()).toEqual([])
    await expect(world.run('invoice-settings', [], { 'dispute-days': '0' })).rejects.toThrow(
      'The settings, disputeDays: Too small: expected number to be >=1',
    )
  })

  test('reminds of deadlines that are near, until nothing is left to dispute', async () => {
    await bill(heavier, fuel)
    const open = async () => (await listProblems(world.hub.db, {})).map(({ message }) => message)
    await jobOf('invoices')()
    expect(await open()).toEqual([])
    world.clock.advance(2 * 86_400_000)
    await jobOf('invoices')()
    expect(await open()).toEqual([
      '1 difference in the invoices of dhl can be disputed only until 2026-04-09 or soon after.',
    ])
    await world.run('dispute-decide', ['shp_a', 'price:EUR', 'claimed'])
    await jobOf('invoices')()
    expect(await open()).toEqual([])
  })
})

test('a quote in another currency is compared by the rate of the booking, or said to be incomparable', async () => {
  const { sql } = await import('drizzle-orm')
  await addShipment(world.hub, { id: 'shp_u', currency: 'USD', bookedAt: '2026-03-02T09:00:00Z' })
  await bill('700,2026-03-10,T-shp_u,EUR,1,9.00,base,BASE,,,')
  expect(await listDisputes(world.context.db)).toMatchObject([
    { cause: 'unknown', reason: 'It is billed in EUR and was agreed in USD; nothing converts that.' },
  ])
  await world.context.db.execute(
    sql`insert into carrier_costs_exchange_rates values ('2026-03-01', 'EUR', 'USD', 1.25)`,
  )
  await world.run('invoices-check')
  // 10.00 USD at 1.25 are 8.00 EUR.
  expect(await short()).toEqual([['shp_u', 'price', 100, 0, 'open', '2026-04-09']])
})
