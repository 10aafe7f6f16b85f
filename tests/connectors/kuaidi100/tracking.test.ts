import { trackingStates } from 'entrepot/sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { meaningOf, stateCodes } from '../../../connectors/kuaidi100/codes.ts'
import { kuaidi100 } from '../../../connectors/kuaidi100/index.ts'
import { type Desk, failureOf, openDesk, pull, ref, toldBy } from './support.ts'

const number = 'YT0000000000001'

describe('tracking', () => {
  let desk: Desk
  afterEach(() => desk.sandbox.close())

  test('tells every state as it was scanned, newest first, with the instant of Beijing time', async () => {
    desk = await openDesk()
    const { client, sandbox, clock } = desk
    sandbox.announce(number)
    const told = trackingStates.filter((state) => state !== 'lost')
    for (const state of told.slice(1)) {
      clock.advance(3_600_000)
      sandbox.scan(number, state)
    }
    const [result] = await pull(client, ref(number))
    expect(result).toMatchObject({ ok: true, tracking: { trackingNumber: number } })
    const { events } = toldBy(result)
    expect(events.map(({ state }) => state)).toEqual(told.toReversed())
    expect(events.at(-1)!.at).toEqual(new Date('2026-03-02T09:00:00Z'))
  })

  test('gives the state of the whole to the newest scan alone, where scans have none', async () => {
    const data = [
      { time: '2026-03-02 17:00:00', ftime: '2026-03-02 17:00:00', context: '已签收' },
      { time: '2026-03-01 17:00:00', ftime: '2026-03-01 17:00:00', context: '派件' },
    ]
    desk = await openDesk({
      answer: { message: 'ok', nu: number, com: 'yuantong', status: 200, state: 3, data },
    })
    expect(await pull(desk.client, ref(number))).toMatchObject([
      { ok: true, tracking: { events: [{ state: 'delivered' }, { state: null }] } },
    ])
  })

  test('one parcel that fails spoils no other, and each has its word', async () => {
    desk = await openDesk()
    const { client, sandbox, sent } = desk
    sandbox.announce(number)
    const results = await pull(
      client,
      ref('YT9999999999999'),
      ref('12345'),
      ref('SF1234567890123', { carrier: 'sf-express' }),
      ref(number, { carrier: null }),
      ref(number, { carrier: 'Post of Atlantis' }),
      ref(number),
    )
    expect(results.map((result) => (result.ok ? 'told' : result.error.kind))).toEqual([
      'not_found',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
      'told',
    ])
    // What could only be refused is never asked.
    expect(sent).toHaveLength(2)
  })

  test('knows carriers by our words, by the settings, and by its own codes; SF gets the phone', async () => {
    desk = await openDesk({ settings: { carriers: { best: 'huitongkuaidi' } } })
    await pull(
      desk.client,
      ref(number, { carrier: 'SF-Express', recipientPhone: '+86 138 0013 8000' }),
      ref(number, { carrier: 'best' }),
      ref(number, { carrier: 'zhongtong', recipientPhone: '18400001234-5678' }),
    )
    expect(desk.sent.map(({ param }) => [param.com, param.phone])).toEqual([
      ['shunfeng', '13800138000'],
      ['huitongkuaidi', undefined],
      ['zhongtong', '5678'],
    ])
  })

  test('a wrong key stops the rest: nothing more is asked', async () => {
    desk = await openDesk({ credentials: { key: 'another-key' } })
    const results = await pull(desk.client, ref(number), ref('YT0000000000002'))
    expect(results).toMatchObject([
      { ok: false, error: { kind: 'auth', vendorCode: '503' } },
      { ok: false, error: { kind: 'auth' } },
    ])
    expect(desk.sent).toHaveLength(1)
  })

  test.each([
    ['400', 'rejected'],
    ['408', 'rejected'],
    ['500', 'not_found'],
    ['501', 'unavailable'],
    ['502', 'unavailable'],
    ['503', 'auth'],
    ['601', 'auth'],
    ['4711', 'unexpected'],
  ])('a refusal with status 200 and %s is %s', async (returnCode, kind) => {
    desk = await openDesk({ answer: { result: false, returnCode, message: '拒绝' } })
    expect(await pull(desk.client, ref(number))).toMatchObject([
      { ok: false, error: { kind, vendorCode: returnCode, vendorMessage: '拒绝' } },
    ])
  })

  test("an answer about another number is unexpected, never this parcel's news", async () => {
    desk = await openDesk({ answer: { nu: 'YT0000000000002', state: '3', data: [] } })
    expect(await pull(desk.client, ref(number))).toMatchObject([{ ok: false, error: { kind: 'unexpected' } }])
  })

  test('no secret is in a message, even when Kuaidi100 repeats it with status 200', async () => {
    const message = 'bad sandboxKey4711 of SANDBOXCUSTOMER0123456789ABCDEF'
    desk = await openDesk({ answer: { result: false, returnCode: '503', message } })
    const [result] = await pull(desk.client, ref(number))
    const error = (result as { error: Error }).error
    expect(JSON.stringify([error.message, error])).not.toMatch(/sandboxKey4711|SANDBOXCUSTOMER/)
  })
})

describe('the half hour', () => {
  let desk: Desk
  afterEach(() => desk.sandbox.close())

  test('is declared, and the stand-in sees who does not keep it', async () => {
    const { minIntervalMs } = kuaidi100.operations.pullTracking!
    expect(minIntervalMs).toBe(30 * 60_000)
    desk = await openDesk()
    desk.sandbox.announce(number)
    await pull(desk.client, ref(number))
    desk.clock.advance(minIntervalMs)
    await pull(desk.client, ref(number))
    expect(desk.sandbox.hurried()).toEqual([])
    desk.clock.advance(minIntervalMs - 1)
    await pull(desk.client, ref(number))
    expect(desk.sandbox.hurried()).toEqual([number])
  })

  test('broken 48 times in a day, the waybill is locked: old news for a day', async () => {
    desk = await openDesk()
    desk.sandbox.announce(number)
    for (let n = 0; n < 49; n++) await pull(desk.client, ref(number))
    desk.sandbox.scan(number, 'delivered')
    const states = async () => {
      const [result] = await pull(desk.client, ref(number))
      return toldBy(result).events.map(({ state }) => state)
    }
    expect(await states()).toEqual(['announced'])
    desk.clock.advance(24 * 3_600_000)
    expect(await states()).toEqual(['delivered', 'announced'])
  })
})

describe('check', () => {
  let desk: Desk
  afterEach(() => desk.sandbox.close())

  test('asks about no waybill, and tells a wrong key from a right one', async () => {
    desk = await openDesk()
    expect(await kuaidi100.check(desk.client)).toContain('127.0.0.1')
    expect(desk.sent.map(({ param }) => param.num)).toEqual([''])
    await desk.sandbox.close()
    desk = await openDesk({ credentials: { customer: 'SOMEBODY' } })
    expect((await failureOf(kuaidi100.check(desk.client))).kind).toBe('auth')
  })
})

describe('the table of states', () => {
  test('names each code once, and an unknown one says nothing', () => {
    const codes = stateCodes.flatMap(([, , list]) => list.split(' '))
    expect(codes.length).toBe(new Set(codes).size)
    expect(meaningOf('4711')).toEqual({ state: null, incident: null })
  })
})
