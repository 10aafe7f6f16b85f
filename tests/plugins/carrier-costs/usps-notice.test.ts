import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../../plugins/carrier-costs/compile.ts'
import { importUspsNotice, readUspsNotice } from '../../../plugins/carrier-costs/import/usps-notice.ts'
import type { ZoneRule } from '../../../plugins/carrier-costs/rate-card.ts'
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

const path = 'specs/ratecards/usps-notice123-2025-10'
const folder = sharedFolder(path)
/** A made-up chart: the first digit of the postcode is the zone. */
const zoneRules = Array.from({ length: 9 }, (_, index): ZoneRule => {
  const zone = String(index + 1)
  return {
    zone,
    country: 'US',
    postcodes: { from: zone, to: zone },
    areas: [],
    origin: { country: 'US', postcodes: null },
  }
})
const ask = (zone: number, grams: number, sides: readonly [number, number, number] = [200, 150, 100]) =>
  request({ from: place('US', '10001'), to: place('US', `${zone}0000`), parcels: [parcel(grams, sides)] })

describe.runIf(hasShared(path))(sharedTitle('USPS Notice 123', path), () => {
  let compiled: Compiled
  beforeAll(async () => {
    compiled = sound(await importUspsNotice(folder, { zoneRules })).compiled
  })

  // Read off the tables by hand: zone, grams, cents, row.
  test.each([
    [1, 113, 7_20, '4oz is 113.398 g'],
    [1, 114, 7_50, '8oz'],
    [5, 453, 10_65, '15.999oz is 453.564 g'],
    [5, 454, 12_80, '2lb: 454 g is over a pound'],
    [9, 4535, 35_50, '10lb is 4535.92 g'],
    [8, 4535, 35_50, '10lb, zone 8 as zone 9'],
    [3, 19_958, 54_65, '44lb is 19958.06 g'],
    [8, 31_751, 177_80, '70lb is 31751.47 g'],
    [2, 907, 10_45, '2lb is 907.18 g'],
    [4, 31_751, 89_20, '70lb'],
  ])('Ground Advantage to zone %i of %i g costs %i cents: %s', (zone, grams, cents) => {
    expect(offered(compiled, ask(zone, grams), 'USPS_GROUND_ADVANTAGE').totalMinor).toBe(cents)
  })

  test.each([
    [1, 453, 10_45, '1lb is 453.592 g'],
    [1, 454, 10_90, '2lb'],
    [9, 907, 39_15, '2lb, zone 9'],
    [8, 907, 19_85, '2lb, zone 8'],
    [7, 1360, 22_00, '3lb is 1360.78 g'],
    [6, 5443, 44_75, '12lb is 5443.11 g'],
    [4, 18_143, 72_70, '40lb is 18143.69 g'],
    [4, 18_144, 78_70, '45lb, the next row there is'],
    [9, 31_751, 445_35, '70lb'],
    [5, 1000, 16_85, '3lb'],
  ])('Priority Mail to zone %i of %i g costs %i cents: %s', (zone, grams, cents) => {
    expect(offered(compiled, ask(zone, grams), 'PRIORITY_MAIL').totalMinor).toBe(cents)
  })

  test('beyond 108 in of length and girth Ground Advantage costs the flat price of the zone', () => {
    // 108 in are 2743.2 mm.
    const sides = (length: number) => [length, 100, 50] as const
    expect(offered(compiled, ask(5, 500, sides(2443)), 'USPS_GROUND_ADVANTAGE').totalMinor).toBe(12_80)
    expect(offered(compiled, ask(5, 500, sides(2444)), 'USPS_GROUND_ADVANTAGE').totalMinor).toBe(165_62)
    expect(offered(compiled, ask(9, 500, sides(2444)), 'USPS_GROUND_ADVANTAGE').totalMinor).toBe(240_01)
    expect(refused(compiled, ask(5, 500, sides(2444)), 'PRIORITY_MAIL').code).toBe('girth_too_large')
  })

  test('weight by volume counts from more than a cubic foot: 12 x 12 x 13 in by 166 is 12 lb', () => {
    const cubicFoot = ask(1, 500, [304, 304, 304])
    expect(offered(compiled, cubicFoot, 'PRIORITY_MAIL').totalMinor).toBe(10_90)
    const above = offered(compiled, ask(1, 500, [304, 304, 330]), 'PRIORITY_MAIL')
    expect(above.totalMinor).toBe(18_10)
    // 12 x 12 x 13 / 166 lb = 11.277 lb = 5115.2 g.
    expect(above.billedWeightGrams).toBe(5116)
  })

  test('without a zone chart nothing is priced and a note says why', async () => {
    const { compiled: bare, notes } = sound(await importUspsNotice(folder))
    expect(refused(bare, ask(1, 500), 'PRIORITY_MAIL').code).toBe('no_zone')
    expect(notes[0]).toMatch(/no zone chart/)
  })

  test('a wrong cell imports nothing and is named', () => {
    const names = ['ground_advantage_retail.csv', 'priority_mail_retail.csv', 'oversize_ground_advantage.csv']
    const texts = names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    const broken = texts.map(({ name, text }) => ({ name, text: text.replace('10.45,10.90', '10.455,x') }))
    expect(readUspsNotice(broken, { zoneRules })).toEqual({
      ok: false,
      faults: [
        {
          file: names[1],
          row: 2,
          column: 'zone_1',
          message: '10.455 has more decimals than USD, which has 2. Round it as the carrier does.',
        },
        {
          file: names[1],
          row: 2,
          column: 'zone_2',
          message: '"x" is no number like 12.90. Write digits and a point, without thousands marks.',
        },
      ],
    })
  })
})
