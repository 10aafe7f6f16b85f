import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareOut } from '../../../connectors/usps/mapping-label.ts'
import { readMultipart } from '../../../connectors/usps/multipart.ts'
import { categoryOf, gramsOf, localDate, measuresOf, poundsOf } from '../../../connectors/usps/units.ts'

describe('units', () => {
  it('never weigh or measure less than the parcel, and hardly more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31_751 }), fc.integer({ min: 1, max: 3000 }), (grams, mm) => {
        const measures = measuresOf({ weightGrams: grams, lengthMm: mm, widthMm: mm, heightMm: mm })
        if ('refusal' in measures) throw new Error(measures.refusal)
        expect(measures.weight * 453.59237).toBeGreaterThanOrEqual(grams - 1e-6)
        expect(measures.weight).toBe(poundsOf(grams))
        expect(gramsOf(measures.weight)).toBe(grams)
        expect(measures.length * 25.4).toBeGreaterThanOrEqual(mm - 1e-6)
        expect(measures.length * 25.4 - mm).toBeLessThan(0.26)
      }),
    )
  })

  it('keep a parcel of 453 g below a pound, where its price is lower', () => {
    expect(poundsOf(453)).toBeLessThan(1)
    expect(poundsOf(454)).toBeGreaterThan(1)
    expect(measuresOf({ weightGrams: 1, lengthMm: 254, widthMm: 508, heightMm: 127 })).toMatchObject({
      length: 20,
      width: 10,
      height: 5,
    })
  })

  it('call nonstandard what machines cannot sort', () => {
    const box = { weight: 25, length: 22, width: 18, height: 15 }
    expect(categoryOf(box)).toBe('MACHINABLE')
    for (const change of [{ weight: 25.0001 }, { length: 22.01 }, { width: 18.01 }, { height: 15.01 }])
      expect(categoryOf({ ...box, ...change })).toBe('NONSTANDARD')
    expect(categoryOf({ weight: 1, length: 5, width: 3, height: 1 })).toBe('NONSTANDARD')
  })

  it('date a mailing by the clock of the sender', () => {
    const at = new Date('2026-03-02T03:00:00Z')
    expect(localDate(at, 'America/New_York')).toBe('2026-03-01')
    expect(localDate(at, 'UTC')).toBe('2026-03-02')
  })

  it('share out an amount without losing a cent', () => {
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1 }),
        (minor, weights) => {
          const shares = shareOut({ minor, currency: 'USD' }, weights)
          expect(shares.reduce((sum, share) => sum + share.minor, 0)).toBe(minor)
          expect(shares.every((share) => share.minor >= 0)).toBe(true)
        },
      ),
    )
  })
})

describe('a multipart answer', () => {
  const message = (newline: string) =>
    [
      '--b+1',
      'Content-Type: application/json',
      'Content-Disposition: form-data; name="labelMetadata"',
      '',
      '{"a":1}',
      '--b+1',
      'content-type: application/pdf',
      'Content-Disposition: attachment; filename="label-image.pdf"',
      '',
      'JVBERi0=',
      '--b+1--',
      '',
    ].join(newline)
  const type = 'multipart/form-data; boundary="b+1"'

  it.each(['\r\n', '\n'])('is read with line ends %j, by form names and by file names', (newline) => {
    expect([...readMultipart(type, message(newline))!]).toEqual([
      ['labelMetadata', { contentType: 'application/json', text: '{"a":1}' }],
      ['labelImage', { contentType: 'application/pdf', text: 'JVBERi0=' }],
    ])
  })

  it('that was cut off anywhere is none', () => {
    const whole = message('\r\n')
    for (let length = 0; length < whole.length - 4; length += 1)
      expect(readMultipart(type, whole.slice(0, length))).toBeNull()
  })

  it('is told by its content type', () => {
    expect(readMultipart('application/json', message('\n'))).toBeNull()
  })
})
