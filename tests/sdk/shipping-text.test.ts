import { parsePlace, parseSize, parseWeight } from 'entrepot/sdk'
import { expect, test } from 'vitest'

test('weights are exact, and a gram that has begun counts', () => {
  expect(parseWeight('1200', 'weight')).toBe(1200)
  expect(parseWeight('1.2kg', 'weight')).toBe(1200)
  expect(parseWeight('1.2001 kg', 'weight')).toBe(1201)
  // 453.59237 g, and a sixteenth of it.
  expect(parseWeight('1lb', 'weight')).toBe(454)
  expect(parseWeight('100000lb', 'weight')).toBe(45_359_237)
  expect(parseWeight('16oz', 'weight')).toBe(454)
  expect(parseWeight('1 OZ', 'weight')).toBe(29)
  for (const text of ['', '0', '0kg', '-1', '1e3', '1,5kg', '5 stone'])
    expect(() => parseWeight(text, 'weight')).toThrow('is no weight')
})

test('sizes are three sides in one unit', () => {
  expect(parseSize('300x200x100', 'size')).toEqual({ lengthMm: 300, widthMm: 200, heightMm: 100 })
  expect(parseSize('30 x 20 x 10.05 cm', 'size')).toEqual({ lengthMm: 300, widthMm: 200, heightMm: 101 })
  expect(parseSize('10×1×1in', 'size')).toEqual({ lengthMm: 254, widthMm: 26, heightMm: 26 })
  for (const text of ['', '1x2', '1x2x0', '1x2x3x4', '1x2xy'])
    expect(() => parseSize(text, 'size')).toThrow('is no size')
})

test('a place is a country with what is known of it', () => {
  const nothing = { city: null, isResidential: null }
  expect(parsePlace('de', 'to')).toEqual({ country: 'DE', postcode: null, region: null, ...nothing })
  expect(parsePlace('US:90001:CA', 'to')).toEqual({
    country: 'US',
    postcode: '90001',
    region: 'CA',
    ...nothing,
  })
  expect(parsePlace('US::CA', 'to')).toEqual({ country: 'US', postcode: null, region: 'CA', ...nothing })
  for (const text of ['', 'Germany', 'D', 'DE:1:2:3'])
    expect(() => parsePlace(text, 'to')).toThrow('is no place')
})
