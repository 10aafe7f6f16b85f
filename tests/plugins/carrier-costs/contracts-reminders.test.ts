import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../../core/lib/clock.ts'
import { listProblems } from '../../../core/problems/problems.ts'
import { findReminders } from '../../../plugins/carrier-costs/contracts/reminders.ts'
import {
  endContract,
  readDisputeDays,
  remindOfContracts,
  saveContract,
} from '../../../plugins/carrier-costs/contracts/store-contracts.ts'
import { openPlugin } from './invoices-support.ts'

const contract = {
  id: 'dhl-2026',
  carrier: 'dhl',
  title: 'DHL 2026',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  noticeDays: 60,
}
const dated = { ...contract, endedOn: null }

describe('what is due', () => {
  // The notice ends 60 days before 31 December: on 1 November.
  const steps: [string, string[]][] = [
    ['2026-08-02', []],
    ['2026-08-03', ['notice 90 90']],
    ['2026-10-01', ['notice 31 90']],
    ['2026-10-02', ['notice 30 30', 'end 90 90']],
    ['2026-10-25', ['notice 7 7', 'end 67 90']],
    ['2026-11-01', ['notice 0 7', 'end 60 90']],
    ['2026-11-02', ['end 59 90']],
    ['2026-12-24', ['end 7 7']],
    ['2026-12-31', ['end 0 7']],
    ['2027-01-01', ['end -1 0']],
  ]
  test.each(steps)('on %s', (today, due) => {
    expect(
      findReminders(dated, [dated], today).map(
        ({ about, daysLeft, stage }) => `${about} ${daysLeft} ${stage}`,
      ),
    ).toEqual(due)
  })

  test('nothing for one that was ended, is open-ended, or is followed without a gap', () => {
    const due = (own: typeof dated, others: (typeof dated)[] = []) =>
      findReminders(own, [own, ...others], '2026-12-24').length
    const next = { ...dated, id: 'dhl-2027', validFrom: '2027-01-01', validUntil: '2027-12-31' }
    expect(due(dated, [next])).toBe(0)
    expect(due({ ...dated, endedOn: '2026-11-30' } as never)).toBe(0)
    expect(due({ ...dated, validUntil: null } as never)).toBe(0)
    expect(due(dated, [{ ...next, validFrom: '2027-01-02' }])).toBe(1)
    expect(due(dated, [{ ...next, carrier: 'ups' }])).toBe(1)
    expect(due(dated, [{ ...next, endedOn: '2027-01-01' } as never])).toBe(1)
  })
})

describe('contracts', () => {
  let world: Awaited<ReturnType<typeof openPlugin>>
  beforeEach(async () => {
    world = await openPlugin()
  })
  afterEach(() => world.drop())
  const at = (day: string) => ({ ...world.context, clock: manualClock(`${day}T06:00:00Z`) })
  const remind = (day: string) => remindOfContracts(at(day))
  const problems = async () =>
    (await listProblems(world.hub.db, {})).map(({ message, timesSeen }) => [message, timesSeen]).sort()

  test('are reminded of once at each step, and the reminders go when a new one is saved', async () => {
    await saveContract(world.context, contract, 'anna')
    await remind('2026-08-03')
    await remind('2026-08-04')
    const notice = (days: string) =>
      `The contract "DHL 2026" (dhl-2026) with dhl can be ended only until 2026-11-01, ${days} from now.`
    expect(await problems()).toEqual([[notice('90 days'), 1]])
    await remind('2026-10-03')
    expect(await problems()).toEqual([
      [notice('29 days'), 2],
      ['The contract "DHL 2026" (dhl-2026) with dhl ends on 2026-12-31, 89 days from now.', 1],
    ])
    await remind('2026-11-05')
    expect((await problems()).map(([message]) => message)).toEqual([
      'The contract "DHL 2026" (dhl-2026) with dhl ends on 2026-12-31, 89 days from now.',
    ])
    await remind('2027-01-02')
    expect((await problems()).map(([message]) => message)).toEqual([
      'The contract "DHL 2026" (dhl-2026) with dhl ended on 2026-12-31, and nothing follows it.',
    ])
    const next = { ...contract, id: 'dhl-2027', validFrom: '2027-01-01', validUntil: '2027-12-31' }
    await saveContract(at('2027-01-02'), next, 'anna')
    expect(await problems()).toEqual([])
  })

  test('end once, from a day within them, and remind of nothing then', async () => {
    await saveContract(at('2026-12-01'), contract, 'anna')
    expect((await problems()).length).toBe(1)
    const end = (on: string) =>
      endContract(at('2026-12-01'), { id: 'dhl-2026', on, reason: 'dear', actor: 'anna' })
    await expect(end('2025-12-31')).rejects.toThrow(
      'The contract dhl-2026 begins on 2026-01-01: it cannot end on 2025-12-31.',
    )
    await end('2026-12-15')
    expect(await problems()).toEqual([])
    await expect(end('2026-12-16')).rejects.toThrow('The contract dhl-2026 was ended already, on 2026-12-15.')
    await expect(world.run('contract-end', ['none'], { on: '2026-12-15' })).rejects.toThrow(
      'There is no contract none.',
    )
    expect(JSON.parse(await world.call('GET', '/contracts/dhl-2026'))).toMatchObject({
      endedOn: '2026-12-15',
      endReason: 'dear',
    })
  })

  test('keep all that was agreed', async () => {
    const whole = {
      ...contract,
      prices: [{ service: 'paket', promise: 'Table 2026', card: 'dhl-de', heldUntil: '2026-06-30' }],
      volumes: [{ per: 'year', parcels: 10_000, otherwise: '5 % more' }],
      transit: [{ service: 'paket', fromCountry: 'DE', toCountry: 'FR', days: 3, onTimeBasisPoints: 9500 }],
      settlement: { currency: 'EUR', invoiced: 'month', payWithinDays: 14, disputeDays: 45 },
      penalties: [{ because: 'late', amount: { minor: 500, currency: 'EUR' }, basisPoints: null }],
      documents: [{ name: 'Contract', reference: 'DMS 4711' }],
    }
    await world.call('PUT', '/contracts', whole)
    expect(JSON.parse(await world.call('GET', '/contracts/dhl-2026'))).toEqual({
      ...whole,
      endedOn: null,
      endReason: null,
    })
    expect(await world.run('contracts')).toEqual([
      {
        id: 'dhl-2026',
        carrier: 'dhl',
        title: 'DHL 2026',
        validFrom: '2026-01-01',
        validUntil: '2026-12-31',
        endedOn: null,
        due: [],
      },
    ])
    expect(await readDisputeDays(world.context.db)).toEqual(new Map([['dhl', 45]]))
  })

  const bad: [object, string][] = [
    [{ ...contract, validUntil: '2025-12-31' }, 'The contract, validUntil: ends before it begins'],
    [{ ...contract, validUntil: null }, 'The contract, noticeDays: needs validUntil, which it counts from'],
    [{ ...contract, id: 'DHL 2026' }, 'The contract, id: is no lower-case kebab such as dhl-2026'],
    [{ ...contract, rebate: 5 }, 'The contract: Unrecognized key: "rebate"'],
    [{ ...contract, validFrom: '2026-13-01' }, 'The contract, validFrom: Invalid ISO date'],
  ]
  test.each(bad)('refuse %j', async (given, message) => {
    await expect(saveContract(world.context, given, 'anna')).rejects.toThrow(message)
  })
})
