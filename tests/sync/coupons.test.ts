import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { amazon } from '../../connectors/amazon/index.ts'
import { createAmazonSandbox } from '../../connectors/amazon/sandbox.ts'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { type Connection, pauseConnection, resumeConnection } from '../../core/connections/connections.ts'
import { auditLog, onceCalls } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { datedPricesWake, wakeChannel } from '../../core/listings/dirty.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { CouponPlan } from '../../core/sdk/goods.ts'
import { definePlugin } from '../../core/sdk/plugin.ts'
import { tickCoupons } from '../../core/sync/coupons.ts'
import { decideOnce } from '../../core/sync/decide.ts'
import type { Hub } from '../../core/sync/hub.ts'
import { createActions } from '../../core/sync/plugin-actions.ts'
import { startPriceSwitch } from '../../core/sync/price-switch.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import type { Queue } from '../../core/sync/queue.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { sweep } from '../../core/sync/worker.ts'
import { type BreakableDatabase, openBreakable } from '../support/breakable.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, settle, testAct, useSandbox } from '../support/hub.ts'
import { openProblems } from '../support/orders.ts'
import { connectFast, passTime } from '../support/platforms.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The shop keeps whole seconds. */
const wholeSecond = (ms: number) => new Date(Math.floor(ms / 1000) * 1000)
const isCreation = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path.endsWith('/coupons')
const isEnding = ({ method, path }: { method: string; path: string }) =>
  method === 'DELETE' && path.includes('/coupons/')

/** Proposes one coupon, an hour from now for a day. */
const campaigns = definePlugin({
  id: 'campaigns',
  name: 'Campaigns',
  proposals: {
    coupon: {
      payload: z.object({ connectionId: z.string(), code: z.string() }),
      apply: ({ connectionId, code }, { actions, clock }) =>
        actions.addCoupons([
          {
            connectionId,
            code,
            basisPoints: 1000,
            least: null,
            variantIds: null,
            excludesReduced: false,
            usageLimit: null,
            startsAt: new Date(clock.now().getTime() + hourMs),
            endsAt: new Date(clock.now().getTime() + dayMs),
          },
        ]),
      undo: (ids: string[], { actions }) => actions.removeCoupons(ids),
    },
  },
})

describe('coupons', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1_000_000 }))
  const amazonShop = useSandbox(() => createAmazonSandbox({ clock, currency: 'EUR', rateScale: 1_000_000 }))
  let breakable: BreakableDatabase
  let hub: Hub
  let doomed: Hub
  let connection: Connection
  let ids: Map<string, string>
  let made = 0
  beforeAll(async () => {
    const options = { clock, plugins: [campaigns] }
    hub = createTestHub(database(), [woocommerce, amazon], options)
    breakable = openBreakable(database().url)
    doomed = createTestHub(breakable, [woocommerce], { ...options, holder: 'doomed' })
    connection = await connectFast(hub, woocommerce, shop())
    ids = await seed(hub, [{ sku: 'CUP' }, { sku: 'POT' }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection], ['once'])
    ids = new Map([...ids, ...(await seed(hub, [{ sku: 'NEW' }]))])
  })
  afterAll(() => breakable.close())
  beforeEach(() => shop().faults.clear())

  const act = (actor = 'plugin:campaigns') => ({ actor, now: clock.now() })
  const change = <T>(work: (actions: ReturnType<typeof createActions>) => Promise<T>, plugin = 'campaigns') =>
    transact(hub.db, (tx) => work(createActions(tx, plugin, hub.connectors, act(`plugin:${plugin}`))))
  /** One that starts in an hour and ends a day later, under a code of its own. */
  const planOf = (more: Partial<CouponPlan> = {}): CouponPlan => {
    made += 1
    return {
      connectionId: connection.id,
      code: `Code-${made}`,
      basisPoints: 1500,
      least: { minor: 5000, currency: 'EUR' },
      variantIds: null,
      excludesReduced: true,
      usageLimit: 10,
      startsAt: new Date(clock.now().getTime() + hourMs),
      endsAt: new Date(clock.now().getTime() + hourMs + dayMs),
      ...more,
    }
  }
  const add = async (more: Partial<CouponPlan> = {}) => {
    const plan = planOf(more)
    const [id] = await change((actions) => actions.addCoupons([plan]))
    return { id: id!, code: plan.code }
  }
  const read = async (id: string) => (await hub.pluginContext('campaigns').services.readCoupons([id]))[0]
  const run = () => runTask(hub, 'once', connection.id)
  const tick = async () => {
    await tickCoupons(hub)
    return run()
  }
  const inShop = (code: string) =>
    shop()
      .coupons()
      .filter((coupon) => coupon.code === code.toLowerCase() && coupon.status === 'publish')
  const problemsOf = async (id: string) => listProblems(hub.db, { subject: id })
  const actionsOn = async (id: string) =>
    (await hub.db.select().from(auditLog).where(eq(auditLog.subject, id))).map(({ action }) => action)

  test('is made at its start, as it was planned, and taken back at its end', async () => {
    const { id, code } = await add({ variantIds: [ids.get('CUP')!, ids.get('NEW')!] })
    await tick()
    expect(inShop(code)).toEqual([])
    expect(await read(id)).toMatchObject({ code, state: 'waiting', externalId: null, error: null })
    clock.advance(hourMs)
    await tick()
    const cup = shop()
      .listings()
      .find(({ sku }) => sku === 'CUP')!
    expect(inShop(code)).toMatchObject([
      {
        amount: '15.00',
        minimumAmount: '50.00',
        productIds: [Number(cup.externalId)],
        excludeSaleItems: true,
        usageLimit: 10,
        expiresAt: wholeSecond(clock.now().getTime() + dayMs),
      },
    ])
    expect(await read(id)).toMatchObject({ state: 'live', externalId: String(inShop(code)[0]!.id) })
    await tick()
    clock.advance(dayMs)
    await tick()
    expect(inShop(code)).toEqual([])
    expect(await read(id)).toMatchObject({ state: 'ended', error: null })
    expect(await actionsOn(id)).toEqual(['coupon.made', 'coupon.ended'])
  })

  test('the schedule starts it, and wakes the connection', async () => {
    const { id, code } = await add()
    clock.advance(hourMs)
    const sent: unknown[] = []
    const queue = { send: async (_name: string, data: object) => void sent.push(data) } as unknown as Queue
    await sweep(Object.assign(createTestHub(database(), [woocommerce], { clock }), { queue }))
    expect(sent).toContainEqual({ task: 'once', connectionId: connection.id })
    await run()
    expect(inShop(code)).toHaveLength(1)
    await change((actions) => actions.removeCoupons([id]))
    await run()
  })

  test('it is waited for until its very second, at its start and at its end', async () => {
    const woken: string[] = []
    await database().listen(wakeChannel, (payload) => woken.push(payload))
    const { id } = await add({ startsAt: new Date(clock.now().getTime() + 1234) })
    while (!woken.includes(datedPricesWake)) await new Promise(setImmediate)
    const timers: { work: () => void; ms: number }[] = []
    const switches = startPriceSwitch(hub, (work, ms) => {
      timers.push({ work, ms })
      return { clear: () => {} }
    })
    await switches.look()
    expect(timers[0]!.ms).toBe(1234)
    clock.advance(1234)
    timers[0]!.work()
    while (timers.length < 2) await new Promise(setImmediate)
    await run()
    expect(await read(id)).toMatchObject({ state: 'live' })
    await change((actions) => actions.endCoupons([id], new Date(clock.now().getTime() + 999)))
    await switches.look()
    expect(timers.at(-1)!.ms).toBe(999)
    switches.stop()
    clock.advance(999)
    await tick()
  })

  test.each(['lost_answer', 'lost_request', 'half_answer', 'garbage'] as const)(
    'a spoilt answer (%s) makes one coupon, and ending it with a spoilt answer ends it',
    async (kind) => {
      const { id, code } = await add({ startsAt: clock.now() })
      shop().faults.add({ kind, when: isCreation })
      await run()
      await passTime(hub.db)
      await tick()
      expect(inShop(code)).toHaveLength(1)
      expect(await read(id)).toMatchObject({ state: 'live' })
      await change((actions) => actions.endCoupons([id], clock.now()))
      shop().faults.add({ kind, when: isEnding })
      await run()
      await passTime(hub.db)
      await tick()
      expect(inShop(code)).toEqual([])
      expect(await read(id)).toMatchObject({ state: 'ended' })
    },
  )

  test('a worker killed at any statement makes one coupon and ends it', async () => {
    for (let statement = 1; ; statement += 1) {
      const { id, code } = await add({ startsAt: clock.now() })
      const killed = async () => {
        breakable.breakAt(statement)
        await tickCoupons(doomed).catch(() => {})
        await runTask(doomed, 'once', connection.id).catch(() => {})
        const isDead = breakable.isBroken()
        breakable.heal()
        await passTime(hub.db)
        await tick()
        return isDead
      }
      const wasKilled = await killed()
      expect(inShop(code), `made, killed at statement ${statement}`).toHaveLength(1)
      expect(await read(id)).toMatchObject({ state: 'live' })
      clock.advance(hourMs + dayMs)
      const wasKilledEnding = await killed()
      expect(inShop(code), `ended, killed at statement ${statement}`).toEqual([])
      expect(await read(id)).toMatchObject({ state: 'ended' })
      if (!wasKilled && !wasKilledEnding) break
      expect(statement).toBeLessThan(100)
    }
  })

  test('an outage delays its end and does not lose it', async () => {
    const { id, code } = await add({ startsAt: clock.now() })
    await run()
    clock.advance(hourMs + dayMs)
    shop().faults.add({ kind: 'status', status: 503, times: Infinity })
    expect(await tick()).toMatchObject({ state: 'failed' })
    expect(await read(id)).toMatchObject({ state: 'live' })
    shop().faults.clear()
    await passTime(hub.db)
    clock.advance(hourMs)
    await tick()
    expect(inShop(code)).toEqual([])
    expect(await read(id)).toMatchObject({ state: 'ended' })
  })

  test.each([
    [429, 'waiting'],
    [503, 'uncertain'],
  ] as const)('what was over before the shop could be reached (%s) is never made', async (status, state) => {
    const { id, code } = await add({ startsAt: clock.now() })
    shop().faults.add({ kind: 'status', status, times: Infinity })
    await tick()
    const [call] = await hub.db.select().from(onceCalls).where(eq(onceCalls.subject, id))
    expect(call).toMatchObject({ state })
    shop().faults.clear()
    clock.advance(hourMs + dayMs)
    await passTime(hub.db)
    shop().calls.length = 0
    await tick()
    await tick()
    expect(shop().calls.filter(isCreation)).toEqual([])
    expect(inShop(code)).toEqual([])
    expect(await read(id)).toMatchObject({ state: 'ended', externalId: null })
    expect(await actionsOn(id)).toEqual(['coupon.never_made'])
  })

  test('one whose making is unclear when it is over is looked for, and taken back if it is there', async () => {
    const lost = await add({ startsAt: clock.now() })
    shop().faults.add({ kind: 'lost_answer', when: isCreation })
    await run()
    const unsent = await add({ startsAt: clock.now() })
    shop().faults.add({ kind: 'lost_request', when: isCreation })
    await run()
    clock.advance(hourMs + dayMs)
    await passTime(hub.db)
    shop().calls.length = 0
    await tick()
    await tick()
    await tick()
    expect(shop().calls.filter(isCreation)).toEqual([])
    expect([...inShop(lost.code), ...inShop(unsent.code)]).toEqual([])
    expect(await read(lost.id)).toMatchObject({ state: 'ended', externalId: expect.any(String) })
    expect(await read(unsent.id)).toMatchObject({ state: 'ended', externalId: null })
  })

  test('a hub that was off makes nothing that is over, and catches up what is not', async () => {
    const over = await add()
    const still = await add({ endsAt: new Date(clock.now().getTime() + 9 * dayMs) })
    clock.advance(3 * dayMs)
    await tick()
    expect(await read(over.id)).toMatchObject({ state: 'ended' })
    expect(await read(still.id)).toMatchObject({ state: 'live' })
    expect(inShop(still.code)).toHaveLength(1)
  })

  test('a code of somebody else is a problem in clear words, harms nothing, and is over once it is taken back', async () => {
    const { id, code } = await add()
    shop().addCoupon({ code, amount: '5', description: 'for staff' })
    const before = structuredClone(inShop(code))
    clock.advance(hourMs)
    await tick()
    await tick()
    expect(inShop(code)).toEqual(before)
    const state = await read(id)
    expect(state).toMatchObject({ state: 'failed', externalId: null })
    expect(state!.error).toContain('somebody else made')
    const [problem] = await problemsOf(id)
    expect(problem).toMatchObject({
      kind: 'coupon_refused',
      field: 'code',
      vendorMessage: 'The coupon code already exists',
      timesSeen: 1,
    })
    expect(problem!.message).toContain(`refused to make coupon ${code}`)
    await change((actions) => actions.removeCoupons([id]))
    expect(await problemsOf(id)).toEqual([])
    expect(await read(id)).toMatchObject({ state: 'ended' })
    await tick()
    expect(inShop(code)).toEqual(before)
  })

  test('a refusal to end it is a problem, and is asked again a day later', async () => {
    const { id, code } = await add({ startsAt: clock.now() })
    await run()
    clock.advance(hourMs + dayMs)
    const body = JSON.stringify({ code: 'woocommerce_rest_cannot_delete', message: 'It cannot be deleted.' })
    shop().faults.add({ kind: 'status', status: 500, body, when: isEnding, times: 1 })
    await tick()
    await tick()
    expect(await read(id)).toMatchObject({
      state: 'live',
      error: expect.stringContaining('cannot be deleted'),
    })
    expect(await problemsOf(id)).toMatchObject([
      { kind: 'coupon_not_ended', vendorMessage: 'It cannot be deleted.' },
    ])
    clock.advance(dayMs + 1000)
    await tick()
    expect(inShop(code)).toEqual([])
    expect(await read(id)).toMatchObject({ state: 'ended', error: null })
    expect(await problemsOf(id)).toEqual([])
  })

  test('undone before its start it is never made; undone later it is taken back', async () => {
    const { services } = hub.pluginContext('campaigns')
    const propose = (code: string) =>
      services.propose({
        kind: 'coupon',
        key: code,
        title: code,
        reason: 'A test.',
        diff: [],
        payload: { connectionId: connection.id, code },
        isAutomatic: true,
      })
    const early = await propose('UNDONE-EARLY')
    const late = await propose('UNDONE-LATE')
    await services.undoProposal(early, 'ann')
    clock.advance(hourMs)
    await tick()
    expect(inShop('UNDONE-EARLY')).toEqual([])
    expect(inShop('UNDONE-LATE')).toHaveLength(1)
    await services.undoProposal(late, 'ann')
    await run()
    expect(inShop('UNDONE-LATE')).toEqual([])
    const [undone] = await hub.db.select().from(auditLog).where(eq(auditLog.action, 'coupons.removed'))
    expect(undone).toBeDefined()
  })

  test('a paused connection waits', async () => {
    const { id, code } = await add()
    await pauseConnection(hub.db, connection.id, 'holiday', testAct())
    clock.advance(hourMs)
    expect(await tick()).toEqual({ state: 'paused' })
    expect(inShop(code)).toEqual([])
    await transact(hub.db, (tx) => resumeConnection(tx, connection.id, testAct()))
    await tick()
    expect(inShop(code)).toHaveLength(1)
    await change((actions) => actions.removeCoupons([id]))
    await run()
  })

  test('for goods of which none is listed it waits, because it would be for all goods', async () => {
    const { id, code } = await add({ startsAt: clock.now(), variantIds: [ids.get('NEW')!] })
    await tick()
    expect(inShop(code)).toEqual([])
    expect(await problemsOf(id)).toMatchObject([{ kind: 'coupon_refused' }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection], ['once'])
    await tick()
    expect(inShop(code)[0]!.productIds).toHaveLength(1)
    expect(await problemsOf(id)).toEqual([])
    await change((actions) => actions.removeCoupons([id]))
    await run()
  })

  test('the same code may follow itself: the old one goes before the new one comes', async () => {
    const first = await add({ startsAt: clock.now() })
    const ends = clock.now().getTime() + hourMs + dayMs
    const second = await add({
      code: first.code.toUpperCase(),
      startsAt: new Date(ends),
      endsAt: new Date(ends + dayMs),
    })
    await run()
    clock.advance(hourMs + dayMs)
    await tick()
    await tick()
    expect(await read(first.id)).toMatchObject({ state: 'ended' })
    expect(await read(second.id)).toMatchObject({ state: 'live' })
    expect(await openProblems(hub.db, 'coupon_refused')).toEqual([])
  })

  test('its end may come earlier, and later only as long as nobody was told', async () => {
    const { id, code } = await add()
    const planned = new Date(clock.now().getTime() + hourMs + dayMs)
    const sooner = new Date(clock.now().getTime() + 5 * hourMs)
    const end = (at: Date, plugin?: string) => change((actions) => actions.endCoupons([id], at), plugin)
    await expect(end(new Date(planned.getTime() + 1))).rejects.toThrow('not later')
    await end(sooner)
    await end(planned)
    await end(sooner)
    await end(clock.now(), 'stranger')
    clock.advance(hourMs)
    await tick()
    expect(inShop(code)).toMatchObject([{ expiresAt: wholeSecond(sooner.getTime()) }])
    await expect(end(planned)).rejects.toThrow('not later')
    clock.advance(4 * hourMs)
    await tick()
    expect(await read(id)).toMatchObject({ state: 'ended' })
  })

  test('a person who says that it happened makes the hub look, and learn its id', async () => {
    const { id, code } = await add({ startsAt: clock.now() })
    shop().faults.add({ kind: 'lost_answer', when: isCreation })
    await run()
    await hub.db.update(onceCalls).set({ state: 'needs_decision' }).where(eq(onceCalls.subject, id))
    const [call] = await hub.db.select().from(onceCalls).where(eq(onceCalls.subject, id))
    await transact(hub.db, (tx) => decideOnce(tx, hub, call!.id, { happened: true }, testAct('ann')))
    await run()
    expect(await read(id)).toMatchObject({ state: 'live', externalId: String(inShop(code)[0]!.id) })
  })

  describe('is refused as a plan, and nothing is kept,', () => {
    const now = () => clock.now()
    test.each([
      ['with an odd code', () => ({ code: 'ten % off' }), 'code'],
      ['with no percentage', () => ({ basisPoints: 0 }), 'basisPoints'],
      ['with more than everything', () => ({ basisPoints: 10_001 }), 'basisPoints'],
      ['in another currency', () => ({ least: { minor: 1, currency: 'USD' } }), 'least'],
      ['for no goods', () => ({ variantIds: [] }), 'variantIds'],
      ['to be used never', () => ({ usageLimit: 0 }), 'usageLimit'],
      ['ending before it starts', () => ({ endsAt: now() }), 'endsAt'],
      ['on a connection that is none', () => ({ connectionId: 'con_none' }), 'connectionId'],
    ])('%s', async (_, wrong, field) => {
      const good = planOf()
      const plans = [good, planOf(wrong())]
      await expect(change((actions) => actions.addCoupons(plans))).rejects.toMatchObject({ field })
      await add({ code: good.code })
    })

    test('where the marketplace has none, naming the connection; and plugins see it before', async () => {
      const elsewhere = await connectFast(hub, amazon, amazonShop(), 'Amazon DE')
      const plan = planOf({ connectionId: elsewhere.id })
      await expect(change((actions) => actions.addCoupons([plan]))).rejects.toThrow('Amazon DE')
      const found = await hub.pluginContext('campaigns').services.listConnections()
      expect(new Map(found.map(({ id, canCoupon }) => [id, canCoupon]))).toEqual(
        new Map([
          [connection.id, true],
          [elsewhere.id, false],
        ]),
      )
    })

    test('while its code is in use, whatever its capitals', async () => {
      const { code } = await add()
      const again = planOf({ code: code.toLowerCase() })
      await expect(change((actions) => actions.addCoupons([again]))).rejects.toThrow('planned already')
      const twins = [planOf({ code: 'TWIN' }), planOf({ code: 'twin' })]
      await expect(change((actions) => actions.addCoupons(twins))).rejects.toThrow('planned already')
    })
  })

  test('coupons of another plugin are left alone', async () => {
    const { id } = await add()
    await change((actions) => actions.removeCoupons([id]), 'stranger')
    expect(await read(id)).toMatchObject({ state: 'waiting' })
    await change((actions) => actions.removeCoupons([id]))
    expect(await read(id)).toMatchObject({ state: 'ended' })
  })
})
