import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from 'entrepot/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../../plugins/carrier-costs/compile.ts'
import { importHongkongPost, readHongkongPost } from '../../../plugins/carrier-costs/import/hongkong-post.ts'
import {
  hasShared,
  offered,
  parcel,
  place,
  refused,
  request,
  sharedFolder,
  sharedTitle,
  sound,
} from './support.ts'

const path = 'specs/ratecards/hongkongpost'
const folder = sharedFolder(path)
const shipAt = new Date('2026-03-02T12:00:00Z')
const ask = (to: Place, grams: number) => request({ from: place('HK'), to, shipAt, parcels: [parcel(grams)] })

type RawStep = {
  weightFrom: string
  weightTo: string
  amount: string
  additionalAmount?: string
  additionalWeight?: string
}
type RawRow = { destinationCode: string; zoneCode: string; wgtLimit?: string; weightStep?: RawStep[] }
type RawService = { serviceCode: string; serviceNameEN: string; postage: RawRow[] }

/** "1.500" is 1500 grams and "12.90" is 1290 cents, by moving digits only. */
const digits = (text: string) => Number(text.replace('.', ''))

/** Where a row's part of its country lies. */
const parts: Record<string, Partial<Place>> = {
  'US-UA': { postcode: '10001' },
  'US-UB': { postcode: '96813' },
  'US-US': { postcode: '90210' },
  'AU-AU': { postcode: '6000' },
  'AU-AB': { postcode: '2000' },
  'JP-JA': { postcode: '900-0001' },
  'JP-JP': { postcode: '100-0001' },
  'MY-MB': { postcode: '88000' },
  'MY-MC': { postcode: '93000' },
  'MY-MY': { postcode: '50000' },
  'IN-IN': { postcode: '400001' },
  'IN-IB': { postcode: '110001' },
  'CU-CU': { city: 'Guantánamo Bay' },
  'CU-CP': { city: 'La Habana' },
  'YE-YE': { region: 'TAIZ' },
  'YE-YA': { region: 'Hadramawt' },
}

describe.runIf(hasShared(path))(sharedTitle("Hongkong Post's open data", path), () => {
  let compiled: Compiled
  let notes: readonly string[]
  beforeAll(async () => {
    const imported = sound(await importHongkongPost(folder))
    compiled = imported.compiled
    notes = imported.notes
  })

  // Read off the tables by hand: file, destination, step.
  test.each([
    ['AIR_PAR', place('US', '90210'), 5000, 912_00, 'intl-AIRPAR US/US (1, 5]: 392 + 8 x 65'],
    ['AIR_PAR', place('US', '90210'), 5001, 978_00, 'intl-AIRPAR US/US (5, 30]: 912 + 1 x 66'],
    ['AIR_PAR', place('AE'), 1000, 279_00, 'intl-AIRPAR AE (0, 1], given twice'],
    ['AIR_PAR', place('AE'), 1001, 296_00, 'intl-AIRPAR AE (1, 5]: 279 + 1 x 17'],
    ['AIR_PAR', place('MC'), 20_000, 1231_00, 'intl-AIRPAR MC/MC Monaco (5, 30]: 511 + 30 x 24'],
    ['AIR_PAR', place('MY', '93000'), 2000, 231_00, 'intl-AIRPAR MY/MC Sarawak (1, 5]: 213 + 2 x 9'],
    ['SUR_PAR', place('US', '90210'), 7000, 511_00, 'intl-SURPAR US/US (1, 7]: 259 + 6 x 42'],
    ['SUR_PAR', place('AU', '6000'), 20_000, 562_00, 'intl-SURPAR AU/AU (7, 30]: 380 + 13 x 14'],
    ['EXP', place('US', '90210'), 1000, 201_50, 'intl-EXP US (0.5, 2]: 127.50 + 50 x 1.48'],
    ['EXP', place('GB'), 190, 59_22, 'intl-EXP GB (0.1, 0.19]: 51.30 + 9 x 0.88'],
    ['AIR_REG_PACKET', place('GB'), 200, 61_20, 'intl-REG Air Packet GB (0.05, 2]: 29.70 + 15 x 2.10'],
    ['SUR_ORD_PACKET', place('FR'), 101, 21_50, 'intl-ORD Surface Packet FR (0.1, 0.25]'],
    ['LOC_PAR', place('HK'), 3001, 93_00, 'local-PAR (3, 4]'],
    ['LCP_STD', place('HK'), 5000, 111_00, 'local-LCP (4, 5]'],
    ['LOC_ORD_PACKET', place('HK'), 100, 5_60, 'local-ORD Packet (0, 0.1]'],
    ['LOC_SMP_PACKET', place('HK'), 100, 5_20, 'local-SMP Packet (0, 0.1], the same code in the data'],
    ['IML', place('AE'), 500, 106_00, 'intl-bulk-IML AE: 30 + 0.5 x 152'],
  ])('%s to %o of %i g costs %i cents: %5$s', (service, to, grams, cents) => {
    expect(offered(compiled, ask(to, grams), service).totalMinor).toBe(cents)
  })

  test('every step of every service and destination holds to its last gram and not beyond', () => {
    let boundaries = 0
    for (const { service, row, steps, limit } of rows()) {
      const to = place(row.destinationCode, null, parts[`${row.destinationCode}-${row.zoneCode}`])
      const check = (grams: number, own: RawStep | undefined) => {
        boundaries += 1
        const priced = grams > limit || !own ? null : priceOf(own, grams)
        const where = `${service} to ${row.destinationCode}-${row.zoneCode}, ${grams} g`
        if (priced === null) expect(refused(compiled, ask(to, grams), service).code, where).toBe('too_heavy')
        else expect(offered(compiled, ask(to, grams), service).totalMinor, where).toBe(priced)
      }
      steps.forEach((step, index) => {
        const from = digits(step.weightFrom)
        const end = digits(step.weightTo)
        const unit = step.additionalWeight ? digits(step.additionalWeight) : end - from
        for (let at = from + unit; at < end; at += unit) {
          check(at, step)
          check(at + 1, step)
        }
        check(end, step)
        check(end + 1, steps[index + 1])
      })
    }
    expect(boundaries).toBeGreaterThan(100_000)
  })

  test('a weight limit below the last step rules', () => {
    expect(refused(compiled, ask(place('US', '90210'), 1001), 'EXP')).toEqual({
      code: 'too_heavy',
      parcel: 0,
      limit: 1000,
    })
  })

  test('a destination with two tariffs has no price and is named', () => {
    expect(refused(compiled, ask(place('DE'), 1000), 'AIR_PAR')).toEqual({ code: 'no_price', zone: 'DE-DE' })
    expect(offered(compiled, ask(place('DE'), 1000), 'SUR_PAR').totalMinor).toBeGreaterThan(0)
    const named = notes.filter((note) => note.includes('two prices'))
    expect(named.map((note) => /\((.+?)\)/.exec(note)![1])).toEqual(['DE-DE', 'EG-EG', 'LU-LU', 'QA-QA'])
  })

  test('a country of several areas is not priced by a guess', () => {
    expect(refused(compiled, ask(place('US'), 1000), 'AIR_PAR').code).toBe('postcode_missing')
    expect(refused(compiled, ask(place('YE'), 1000), 'AIR_PAR').code).toBe('area_missing')
  })

  test('nothing is posted elsewhere', () => {
    expect(refused(compiled, { ...ask(place('FR'), 1000), from: place('DE') }, 'AIR_PAR').code).toBe(
      'no_zone',
    )
  })

  test('a missing or broken file imports nothing and is named', () => {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    const [first, ...others] = files
    expect(readHongkongPost(others)).toEqual({
      ok: false,
      faults: [{ file: first!.name, row: null, column: null, message: 'It is missing. Download it again.' }],
    })
    expect(readHongkongPost([{ ...first!, text: first!.text.slice(0, -5) }, ...others])).toEqual({
      ok: false,
      faults: [
        { file: first!.name, row: null, column: null, message: 'This is no JSON. Download it again.' },
      ],
    })
    const negative = first!.text.replace('"279.00"', '"-279.00"').replace('"279.00"', '"-279.00"')
    expect(readHongkongPost([{ ...first!, text: negative }, ...others])).toMatchObject({ ok: false })
  })
})

const priceOf = (step: RawStep, grams: number): number => {
  if (!step.additionalAmount) return digits(step.amount)
  const unit = digits(step.additionalWeight!)
  const above = grams - digits(step.weightFrom)
  return (
    digits(step.amount) +
    ((above - (above % unit)) / unit + (above % unit > 0 ? 1 : 0)) * digits(step.additionalAmount)
  )
}

const formats = { 'Small Letter': 'SMALL_LETTER', 'Large Letter': 'LARGE_LETTER', Packet: 'PACKET' }

/** All rows with steps, read without the importer; those with two tariffs are left out. */
function* rows() {
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const { data } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { data: RawService[] }
    for (const { serviceCode, serviceNameEN, postage } of data) {
      const format = Object.entries(formats).find(([words]) => serviceNameEN.includes(`(${words})`))?.[1]
      const base = name.includes('local-SMP') ? 'LOC_SMP' : serviceCode
      const service = format ? `${base}_${format}` : base
      for (const row of postage) {
        if (!row.weightStep) continue
        if (service === 'AIR_PAR' && ['DE', 'EG', 'LU', 'QA'].includes(row.destinationCode)) continue
        const steps = row.weightStep.filter(
          (step, index, all) => all.findIndex((other) => other.weightFrom === step.weightFrom) === index,
        )
        const limit = digits(row.wgtLimit ?? steps.at(-1)!.weightTo)
        yield { service, row, steps, limit }
      }
    }
  }
}
