import { expect, test } from 'vitest'
import { manualClock, systemClock } from '../../core/lib/clock.ts'

test('a manual clock stands still until it is moved', () => {
  const clock = manualClock('2026-03-02T09:00:00Z')
  expect(clock.now()).toEqual(clock.now())
  clock.advance(1500)
  expect(clock.now()).toEqual(new Date('2026-03-02T09:00:01.500Z'))
})

test('sleeping on a manual clock moves it and returns at once', async () => {
  const clock = manualClock('2026-03-02T09:00:00Z')
  await clock.sleep(60_000)
  await clock.sleep(-5)
  expect(clock.now()).toEqual(new Date('2026-03-02T09:01:00Z'))
})

test('a sleep on the system clock ends when its signal aborts, before or during it', async () => {
  const abort = new AbortController()
  const asleep = systemClock.sleep(60_000, abort.signal)
  abort.abort()
  await asleep
  await systemClock.sleep(60_000, abort.signal)
  expect(abort.signal.aborted).toBe(true)
})

test('what now() returned is not moved by a later advance', () => {
  const clock = manualClock(new Date(0))
  const before = clock.now()
  clock.advance(1)
  expect(before.getTime()).toBe(0)
})
