import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureKinds, failurePolicy, waitBeforeRetry } from '../../core/sdk/index.ts'

const kind = fc.constantFrom(...failureKinds)

test('every failure has a row, and no row is for nothing', () => {
  expect(Object.keys(failurePolicy).sort()).toEqual([...failureKinds].sort())
})

test('only what the platform surely did not do is sent again by itself', () => {
  expect(failurePolicy.uncertain.retry).toBe('after_looking')
  expect(failurePolicy.auth.retry).toBe('never')
  expect(failurePolicy.rejected.retry).toBe('when_changed')
  expect(failurePolicy.not_found.retry).toBe('when_changed')
})

test('only refused credentials stop a connection; one bad item stops only itself', () => {
  const stopping = failureKinds.filter((word) => failurePolicy[word].stops === 'connection')
  expect(stopping).toEqual(['auth'])
  expect(failurePolicy.rejected.stops).toBe('item')
  expect(failurePolicy.not_found.stops).toBe('item')
})

test('waits grow with each failure and are capped', () => {
  fc.assert(
    fc.property(kind, fc.integer({ min: 0, max: 10_000 }), (word, attempts) => {
      const { waitMs, maxWaitMs } = failurePolicy[word]
      const wait = waitBeforeRetry(word, attempts)
      expect(wait).toBeGreaterThanOrEqual(Math.min(waitMs, maxWaitMs))
      expect(wait).toBeLessThanOrEqual(maxWaitMs)
      expect(waitBeforeRetry(word, attempts + 1)).toBeGreaterThanOrEqual(wait)
    }),
  )
})

test('the first wait is the one in the table, and it doubles', () => {
  expect([1, 2, 3, 4].map((attempts) => waitBeforeRetry('unavailable', attempts))).toEqual([
    1000, 2000, 4000, 8000,
  ])
  expect(waitBeforeRetry('unavailable', 50)).toBe(failurePolicy.unavailable.maxWaitMs)
})

test('what the platform asked for is never undercut', () => {
  fc.assert(
    fc.property(kind, fc.nat(100), fc.nat(3_600_000), (word, attempts, retryAfterMs) => {
      expect(waitBeforeRetry(word, attempts, retryAfterMs)).toBeGreaterThanOrEqual(retryAfterMs)
    }),
  )
  expect(waitBeforeRetry('rate_limited', 1, 7000)).toBe(7000)
})
