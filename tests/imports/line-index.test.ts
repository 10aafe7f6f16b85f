import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineIndex } from '../../core/imports/line-index.ts'

test('property: it answers as a map of first lines would', () => {
  const keys = fc.array(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 3000 })
  fc.assert(
    fc.property(keys, (claimed) => {
      const index = createLineIndex()
      const lines = new Map<string, number>()
      claimed.forEach((key, at) => {
        expect(index.claim(key, at + 1)).toBe(lines.get(key) ?? null)
        if (!lines.has(key)) lines.set(key, at + 1)
      })
    }),
    { numRuns: 50 },
  )
})

test('300,000 SKUs that differ in a digit are all told apart', () => {
  const index = createLineIndex()
  let repeats = 0
  for (let at = 1; at <= 300_000; at += 1)
    if (index.claim(`SKU-${String(at).padStart(8, '0')}`, at) !== null) repeats += 1
  expect(repeats).toBe(0)
  expect(index.claim('SKU-00012345', 1)).toBe(12_345)
})
