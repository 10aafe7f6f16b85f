import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTimeZone, toInstant } from '../../../plugins/promotions/local-time.ts'

const at = (text: string, zone: string) => toInstant(text, zone, 'startsAt').at.toISOString()

/** The calendar day of an instant in a time zone. */
const dayIn = (at: Date, timeZone: string): string => at.toLocaleDateString('sv-SE', { timeZone })

describe('local times of a campaign', () => {
  test('are the instant at which the clocks there show them, in summer and in winter', () => {
    expect(at('2026-03-28T22:00', 'Europe/Berlin')).toBe('2026-03-28T21:00:00.000Z')
    expect(at('2026-03-29T22:00', 'Europe/Berlin')).toBe('2026-03-29T20:00:00.000Z')
    expect(at('2026-11-11T00:00', 'Asia/Shanghai')).toBe('2026-11-10T16:00:00.000Z')
    expect(at('2026-01-01T00:00', 'Pacific/Kiritimati')).toBe('2025-12-31T10:00:00.000Z')
  })

  test('that the clocks skip are refused, and one shown twice is the first of the two and said to be so', () => {
    expect(() => at('2026-03-29T02:30', 'Europe/Berlin')).toThrow('skip 2026-03-29T02:30')
    expect(toInstant('2026-10-25T02:30', 'Europe/Berlin', 'endsAt')).toEqual({
      at: new Date('2026-10-25T00:30:00Z'),
      isAmbiguous: true,
    })
    expect(toInstant('2026-10-25T03:00', 'Europe/Berlin', 'endsAt').isAmbiguous).toBe(false)
  })

  test('that no calendar has are refused', () => {
    expect(() => at('2026-02-30T00:00', 'UTC')).toThrow('no 2026-02-30')
    expect(() => at('tomorrow', 'UTC')).toThrow('no local time')
    expect(isTimeZone('Mars/Base')).toBe(false)
  })

  test('of any hour come back as they were said, whatever the zone', () => {
    const zones = [
      'Europe/Berlin',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/St_Johns',
    ]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 * 365 * 24 }), fc.constantFrom(...zones), (hours, zone) => {
        const wall = new Date(Date.UTC(2024, 0, 1) + hours * 3_600_000)
        const text = wall.toISOString().slice(0, 16)
        try {
          expect(dayIn(toInstant(text, zone, 'startsAt').at, zone)).toBe(text.slice(0, 10))
        } catch (error) {
          expect((error as Error).message).toContain('skip')
        }
      }),
    )
  })
})
