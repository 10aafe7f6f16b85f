import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantReader, offsetReader, toInstant } from '../../core/imports/time.ts'

const zones = [
  'America/Sao_Paulo',
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'UTC',
]

describe('local times become UTC', () => {
  test.each([
    ['America/Sao_Paulo', '2017-07-09 21:57:05', '2017-07-10T00:57:05.000Z', 'winter, three hours behind'],
    ['America/Sao_Paulo', '2018-01-09 21:57:05', '2018-01-09T23:57:05.000Z', 'summer, two hours behind'],
    [
      'America/Sao_Paulo',
      '2017-10-15 00:00:00',
      '2017-10-15T03:00:00.000Z',
      'a midnight that the change skipped',
    ],
    [
      'America/Sao_Paulo',
      '2018-02-17 23:30:00',
      '2018-02-18T01:30:00.000Z',
      'an hour that came twice: the first',
    ],
    ['Asia/Shanghai', '2020/2/21 0:00', '2020-02-20T16:00:00.000Z', 'one digit and no seconds'],
    ['Asia/Shanghai', '2016/11/5', '2016-11-04T16:00:00.000Z', 'a day'],
    ['Europe/Berlin', '2024-03-31 02:30:00', '2024-03-31T01:30:00.000Z', 'inside the gap: moved on by it'],
    ['Europe/Berlin', '2024-03-31T12:00:00Z', '2024-03-31T12:00:00.000Z', 'a written zone wins'],
    ['Europe/Berlin', '2024-03-31T12:00:00.250+05:30', '2024-03-31T06:30:00.250Z', 'a written offset wins'],
    [
      'America/St_Johns',
      '2010-11-07 00:00:30',
      '2010-11-07T02:30:30.000Z',
      'a change at one minute past midnight',
    ],
  ])('%s %s is %s (%s)', (zone, text, instant) => {
    expect(instantReader(zone, 'ymd')(text)?.toISOString()).toBe(instant)
  })

  test("the order of day and month is the profile's", () => {
    expect(instantReader('UTC', 'dmy')('03/04/2024')?.toISOString()).toBe('2024-04-03T00:00:00.000Z')
    expect(instantReader('UTC', 'mdy')('03/04/2024')?.toISOString()).toBe('2024-03-04T00:00:00.000Z')
  })

  test.each([
    '2024-02-30',
    '2024-13-01',
    '24-01-01',
    '2024-01-01 25:00',
    'yesterday',
    '2024-01-01 10',
    '45291',
    '0000-00-00',
  ])('%s is no date', (text) => {
    expect(instantReader('UTC', 'ymd')(text)).toBeNull()
  })
})

describe('property: conversion is exact in every zone', () => {
  const instants = fc
    .integer({ min: Date.UTC(1995, 0), max: Date.UTC(2035, 0) })
    .map((ms) => Math.floor(ms / 1000) * 1000)

  test('the clock of the zone shows the text again, and no earlier instant does', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
        const offsetAt = offsetReader(zone)
        const wall = instant + offsetAt(instant)
        const read = toInstant(wall, offsetAt)
        expect(read + offsetAt(read)).toBe(wall)
        expect(read).toBeLessThanOrEqual(instant)
        expect(instant - read).toBeLessThanOrEqual(3_600_000)
      }),
      { numRuns: 2000 },
    )
  })

  test('a wall time the clock never shows is moved forward by less than two hours, never lost', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, wall) => {
        const offsetAt = offsetReader(zone)
        const read = toInstant(wall, offsetAt)
        const shown = read + offsetAt(read)
        expect(shown).toBeGreaterThanOrEqual(wall)
        expect(shown - wall).toBeLessThanOrEqual(3_600_000)
      }),
      { numRuns: 2000 },
    )
  })
})
