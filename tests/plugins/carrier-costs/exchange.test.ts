import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRatesFile } from '../../../plugins/carrier-costs/exchange/import-rates.ts'
import { createRates, readRates } from '../../../plugins/carrier-costs/exchange/rates.ts'
import { run, useCostHub } from './hub.ts'

const row = (day: string, base: string, quote: string, rate: string) => ({ day, base, quote, rate })
const euros = (minor: number) => ({ minor, currency: 'EUR' })

describe('exchange', () => {
  test('rounds once, half away from zero, by each currency’s own digits', () => {
    const rates = createRates([
      row('2026-01-05', 'EUR', 'JPY', '150.5'),
      row('2026-01-05', 'EUR', 'KWD', '0.3335'),
    ])
    expect(rates.convert(euros(1234), 'JPY')).toEqual({
      minor: 1857,
      currency: 'JPY',
      day: '2026-01-05',
      path: ['EUR', 'JPY'],
    })
    expect(rates.convert(euros(-1234), 'JPY')?.minor).toBe(-1857)
    // 1.00 EUR is 0.3335 KWD, whose minor unit is a thousandth: 333.5 of them.
    expect(rates.convert(euros(100), 'KWD')?.minor).toBe(334)
    expect(rates.convert({ minor: 301, currency: 'JPY' }, 'EUR')).toMatchObject({
      minor: 200,
      path: ['JPY', 'EUR'],
    })
    expect(rates.convert(euros(7), 'EUR')).toEqual({ minor: 7, currency: 'EUR', day: null, path: [] })
    expect(rates.convert(euros(7), 'USD')).toBeNull()
  })

  test('goes through a third currency where there is no rate, or only an older one, by the older day of the two', () => {
    const rows = [row('2026-01-05', 'EUR', 'USD', '1.25'), row('2026-01-02', 'EUR', 'HKD', '10')]
    const usd = { minor: 125, currency: 'USD' }
    expect(createRates(rows).convert(usd, 'HKD')).toEqual({
      minor: 1000,
      currency: 'HKD',
      day: '2026-01-02',
      path: ['USD', 'EUR', 'HKD'],
    })
    const same = [...rows, row('2026-01-02', 'USD', 'HKD', '7')]
    expect(createRates(same).convert(usd, 'HKD')).toMatchObject({ minor: 875, path: ['USD', 'HKD'] })
    const old = [...rows, row('2026-01-01', 'USD', 'HKD', '7')]
    expect(createRates(old).convert(usd, 'HKD')).toMatchObject({ minor: 1000, day: '2026-01-02' })
  })

  test('there and back is off by no more than half a unit of each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (minor, rate) => {
        const rates = createRates([
          row(
            '2026-01-05',
            'EUR',
            'USD',
            `${Math.floor(rate / 1000)}.${String(rate % 1000).padStart(3, '0')}`,
          ),
        ])
        const there = rates.convert(euros(minor), 'USD')!
        const back = rates.convert(there, 'EUR')!
        expect(Math.abs(back.minor - minor)).toBeLessThanOrEqual(500 / rate + 0.5)
      }),
    )
  })
})

describe('importing rates', () => {
  const made = useCostHub()
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-rates-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const importText = async (text: string) => {
    const file = join(folder, 'rates.csv')
    await writeFile(file, text)
    return run(made(), 'rates', ['import', file])
  }

  test('again changes nothing, a corrected one is corrected, and the newest until a day holds on it', async () => {
    const text =
      'date,base,quote,rate\n2026-01-05,EUR,USD,1.10\n2026-01-06,EUR,USD,1.2\n2026-01-05,EUR,CNY,7.8\n'
    expect(await importText(text)).toEqual([{ rates: 3, added: 3, changed: 0, unchanged: 0 }])
    expect(await importText(text)).toEqual([{ rates: 3, added: 0, changed: 0, unchanged: 3 }])
    expect(await importText('date,base,quote,rate\n2026-01-06,EUR,USD,1.3\n')).toEqual([
      { rates: 1, added: 0, changed: 1, unchanged: 0 },
    ])
    const on = async (day: string) =>
      (await readRates(made().context.db, new Date(`${day}T23:00:00Z`))).convert(euros(100), 'USD')
    expect(await on('2026-01-04')).toBeNull()
    expect(await on('2026-01-05')).toMatchObject({ minor: 110, day: '2026-01-05' })
    expect(await on('2026-02-20')).toMatchObject({ minor: 130, day: '2026-01-06' })
    expect(await run(made(), 'rates')).toEqual([
      row('2026-01-05', 'EUR', 'CNY', '7.8'),
      row('2026-01-06', 'EUR', 'USD', '1.3'),
    ])
  })

  test('with any fault takes nothing, and names each by row and column', async () => {
    const text =
      'date,base,quote,rate\n2026-13-01,EUR,USD,1\n2026-01-07,EUR,USD,0\n2026-01-08,EUR,EUR,1\n2026-01-09,EUR,XQX,1\n2026-01-10,EUR,USD,1.1\n2026-01-10,EUR,USD,1.2\n'
    const failed = importText(text)
    await expect(failed).rejects.toThrow('Nothing was imported.')
    const message = await failed.catch((error: Error) => error.message)
    for (const place of [
      'row 2, column date',
      'row 3, column rate',
      'row 4, column quote',
      'row 5, column quote',
      'row 7, column rate: It contradicts row 6',
    ])
      expect(message).toContain(place)
    expect(() => readRatesFile('x.csv', 'date,base,rate\n')).toThrow('column quote: The column is missing')
    expect(
      (await readRates(made().context.db, new Date('2026-01-10T00:00:00Z'))).find('EUR', 'USD')?.day,
    ).toBe('2026-01-06')
  })
})
