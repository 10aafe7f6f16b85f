import {
  createFaultBox,
  createLimiter,
  type Fault,
  misbehaving,
  type SandboxCall,
  startSandbox,
} from 'entrepot/sdk'
import fc from 'fast-check'
import got from 'got'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../core/lib/clock.ts'

const start = '2026-03-02T09:00:00Z'

describe('the limiter', () => {
  test('lets the burst through at once, then the rate', () => {
    const clock = manualClock(start)
    const limiter = createLimiter(2, 5, clock)
    const takeAll = () => {
      let taken = 0
      while (limiter.take().ok) taken++
      return taken
    }
    expect(takeAll()).toBe(5)
    clock.advance(1000)
    expect(takeAll()).toBe(2)
    clock.advance(60_000)
    expect(takeAll()).toBe(5)
  })

  test('whoever waits as long as told is let through, and not much sooner', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (perSecond, burst) => {
          const clock = manualClock(start)
          const limiter = createLimiter(perSecond, burst, clock)
          for (let n = 0; n < burst; n++) expect(limiter.take().ok).toBe(true)
          for (let n = 0; n < 20; n++) {
            const { ok, waitMs } = limiter.take()
            expect(ok).toBe(false)
            const almost = Math.max(0, waitMs - 2)
            clock.advance(almost)
            expect(limiter.take().ok).toBe(false)
            clock.advance(waitMs - almost)
            expect(limiter.take().ok).toBe(true)
          }
        },
      ),
    )
  })
})

/** A sandbox that counts what was done, and a client that says how each call ended. */
async function misbehavingShop() {
  const calls: SandboxCall[] = []
  const faults = createFaultBox()
  const clock = manualClock(start)
  const done = { count: 0 }
  const app = new Hono()
  app.use(misbehaving(calls, faults, clock))
  app.post('/orders', (c) => {
    done.count += 1
    return c.json({ order: 'placed' })
  })
  const { url, close } = await startSandbox({ app })
  const call = async () => {
    try {
      const { body, statusCode } = await got.post(`${url}/orders`, {
        retry: { limit: 0 },
        throwHttpErrors: false,
      })
      return `${statusCode} ${body}`
    } catch {
      return 'no answer'
    }
  }
  return { calls, faults, clock, done, call, close }
}

const well = '200 {"order":"placed"}'

describe('a fault', () => {
  test.each<[Fault, string, boolean]>([
    [{ kind: 'status', status: 503, body: 'down' }, '503 down', false],
    [{ kind: 'lost_answer' }, 'no answer', true],
    [{ kind: 'lost_request' }, 'no answer', false],
    [{ kind: 'garbage' }, '200 <html>not what you asked for', true],
    [{ kind: 'half_answer' }, '200 {"order":', true],
    [{ kind: 'slow', delayMs: 5000 }, well, true],
  ])('%j happens exactly as many times as it says', async (fault, ending, isDone) => {
    const shop = await misbehavingShop()
    shop.faults.add({ ...fault, times: 2 })
    expect([await shop.call(), await shop.call(), await shop.call()]).toEqual([ending, ending, well])
    expect(shop.done.count).toBe(isDone ? 3 : 1)
    expect(shop.calls).toHaveLength(3)
    if (fault.kind === 'slow') expect(shop.clock.now()).toEqual(new Date('2026-03-02T09:00:10Z'))
    await shop.close()
  })

  test('happens once unless it says otherwise, and always when it says Infinity', () => {
    const box = createFaultBox()
    const request = { method: 'GET', path: '/' }
    box.add({ kind: 'garbage' })
    expect([box.take(request)?.kind, box.take(request)]).toEqual(['garbage', null])
    box.add({ kind: 'slow', times: Infinity })
    for (let n = 0; n < 1000; n++) expect(box.take(request)?.kind).toBe('slow')
    box.clear()
    expect(box.take(request)).toBeNull()
  })

  test('hits only the requests it names, and those that do not match use nothing up', () => {
    const box = createFaultBox()
    box.add({ kind: 'garbage', when: ({ method, path }) => method === 'POST' && path === '/orders' })
    expect(box.take({ method: 'GET', path: '/orders' })).toBeNull()
    expect(box.take({ method: 'POST', path: '/token' })).toBeNull()
    expect(box.take({ method: 'POST', path: '/orders' })?.kind).toBe('garbage')
  })

  test('with a probability draws from the given randomness, so a run can be repeated', () => {
    const draws = [0.1, 0.9, 0.3, 0.5]
    const box = createFaultBox(() => draws.shift()!)
    box.add({ kind: 'garbage', probability: 0.5, times: Infinity })
    const hits = Array.from({ length: 4 }, () => box.take({ method: 'GET', path: '/' }) !== null)
    expect(hits).toEqual([true, false, true, false])
  })

  test('that was added first happens first', () => {
    const box = createFaultBox()
    box.add({ kind: 'garbage' })
    box.add({ kind: 'slow' })
    const taken = [1, 2].map(() => box.take({ method: 'GET', path: '/' })?.kind)
    expect(taken).toEqual(['garbage', 'slow'])
  })
})

test('the record of calls says what was asked, when, and how it ended', async () => {
  const shop = await misbehavingShop()
  shop.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '7' } })
  await shop.call()
  shop.clock.advance(1000)
  await shop.call()
  expect(shop.calls).toEqual([
    { method: 'POST', path: '/orders', status: 429, isWrite: true, at: new Date(start) },
    { method: 'POST', path: '/orders', status: 200, isWrite: true, at: new Date('2026-03-02T09:00:01Z') },
  ])
  await shop.close()
})
