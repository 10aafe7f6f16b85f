import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { importCsvFolder, importTables, importXlsx } from '../../../plugins/carrier-costs/import/layout.ts'
import { describeFault } from '../../../plugins/carrier-costs/import/report.ts'
import { readCsvFiles } from '../../../plugins/carrier-costs/import/table.ts'
import { offered, parcel, place, refused, request, sound } from './support.ts'
import { makeZip } from './zip.ts'

/** The example of the documentation: what it shows must work as it says. */
let example: Record<string, string>
let folder: string
beforeAll(async () => {
  const text = await readFile(new URL('../../../docs/rate-cards.md', import.meta.url), 'utf8')
  const found = text.matchAll(/^`(\w+\.csv)`[^\n]*\n\n```csv\n([^`]*)```/gm)
  example = Object.fromEntries([...found].map(([, name, csv]) => [name!, csv!]))
  folder = await mkdtemp(join(tmpdir(), 'rate-card-'))
  for (const [name, csv] of Object.entries(example)) await writeFile(join(folder, name), csv)
})
afterAll(() => rm(folder, { recursive: true }))

/** The same tables as a workbook; numbers as numbers, as a spreadsheet has them. */
const toXlsx = (files: Record<string, string>): Promise<Buffer> => {
  const cell = (text: string) => {
    if (text === '') return null
    return /^\d+(\.\d+)?$/.test(text) ? { value: Number(text), type: Number } : { value: text, type: String }
  }
  const sheets = Object.entries(files).map(([name, csv]) => ({
    sheet: name.replace('.csv', ''),
    data: (parse(csv) as string[][]).map((row) => row.map(cell)),
  }))
  return writeXlsxFile(sheets).toBuffer()
}

const shipAt = new Date('2026-01-07T10:00:00Z')

describe('the example of the documentation', () => {
  test.each(['folder of CSV files', 'workbook'])('prices as a %s', async (kind) => {
    const imported =
      kind === 'workbook'
        ? await importXlsx('card.xlsx', await toXlsx(example))
        : await importCsvFolder(folder)
    const { compiled } = sound(imported)
    const charges = (to: ReturnType<typeof place>, parcels: ReturnType<typeof parcel>[], service: string) =>
      offered(compiled, request({ to, parcels, shipAt }), service).charges.map(({ code, amountMinor }) => [
        code,
        amountMinor,
      ])
    const small = [300, 200, 100] as const
    expect(charges(place('DE', '10115'), [parcel(5000, small)], 'STD')).toEqual([
      ['STD', 490],
      ['FUEL', 61],
      ['LOYAL', -25],
    ])
    // 4.90 + 1 x 0.40 for the gram above five kilograms; 12.5 % of 5.30 is 0.6625.
    expect(charges(place('DE', '10115'), [parcel(5001, small)], 'STD')).toEqual([
      ['STD', 530],
      ['FUEL', 66],
      ['LOYAL', -27],
    ])
    expect(charges(place('DE', '25850'), [parcel(1200, small)], 'STD')).toEqual([
      ['STD', 1490],
      ['REMOTE', 60],
      ['FUEL', 186],
      ['LOYAL', -75],
    ])
    // Long and heavy: only the higher handling, and fuel on it too.
    expect(charges(place('NL', '1011'), [parcel(26_000, [1300, 200, 200])], 'STD')).toEqual([
      ['STD', 2810],
      ['LONG', 800],
      ['FUEL', 451],
      ['LOYAL', -141],
    ])
    // 60 x 40 x 30 cm by 5000 are 14.4 kg, rounded up 14.5: 29 units of 0.5 kg.
    expect(
      charges(place('DE', '10115', { isResidential: true }), [parcel(1000, [600, 400, 300])], 'EXP'),
    ).toEqual([
      ['EXP', 990 + 29 * 120],
      ['HOME', 150],
      ['FUEL', 559],
      ['LOYAL', -224],
    ])
    expect(refused(compiled, request({ to: place('AT'), shipAt }), 'EXP')).toEqual({
      code: 'no_price',
      zone: '2',
    })
  })
})

describe('what is wrong is said by file, row and column, and nothing is imported', () => {
  const faultsOf = (changes: Record<string, (csv: string) => string>): string[] => {
    const files = Object.entries(example).map(([name, csv]) => ({ name, text: changes[name]?.(csv) ?? csv }))
    const result = importTables(readCsvFiles(files))
    return result.ok ? [] : result.faults.map(describeFault)
  }
  const swap = (from: string, to: string) => (csv: string) => {
    if (!csv.includes(from)) throw new Error(`The example has no "${from}".`)
    return csv.replace(from, to)
  }

  test.each([
    [
      'a missing weight limit',
      'card.csv',
      swap('max_weight,,31.5\n', ''),
      [
        'card.csv, column field: The service STD has no weight limit. Add a line "max_weight" for it or for all.',
        'card.csv, column field: The service EXP has no weight limit. Add a line "max_weight" for it or for all.',
      ],
    ],
    [
      'an unknown currency',
      'card.csv',
      swap('EUR', 'EUX'),
      ['card.csv, row 5, column value: "EUX" is no ISO 4217 currency code. Write one such as EUR.'],
    ],
    [
      'an unknown line',
      'card.csv',
      swap('max_length,', 'max_lenght,'),
      [/^card\.csv, row 15, column field: "max_lenght" is not known\. Use id, carrier, .*min_weight\.$/],
    ],
    [
      'a missing line',
      'card.csv',
      swap('source,,Contract of 2025-12-01\n', ''),
      ['card.csv, column field: The line "source" is missing. Add it.'],
    ],
    [
      'an impossible day',
      'card.csv',
      swap('2026-12-31', '2026-02-30'),
      ['card.csv, row 9, column value: "2026-02-30" is no day like 2026-01-31. Write year, month and day.'],
    ],
    [
      'an end before the beginning',
      'card.csv',
      swap('2026-12-31', '2025-12-31'),
      [
        'card.csv, row 8, column value: The prices end on 2025-12-31, before they begin on 2026-01-01. Correct a date.',
      ],
    ],
    [
      'half overlapping zones',
      'zones.csv',
      (csv: string) => `${csv}1,,DE,25850,25900,,\n`,
      [
        'zones.csv, row 10, column zone: DE 25850 to 25900 (zone 1) and DE 25846 to 25869 (zone I) hold for the same parcels, and neither is the more specific. Let them lie apart or one within the other.',
      ],
    ],
    [
      'a place in two zones',
      'zones.csv',
      (csv: string) => `${csv}1,,AT,,,,\n`,
      [
        'zones.csv, row 10, column zone: AT (zone 1) and AT (zone 2) hold for the same parcels, and neither is the more specific. Let them lie apart or one within the other.',
      ],
    ],
    [
      'postcodes that run backward',
      'zones.csv',
      swap('25846,25869', '25869,25846'),
      [
        'zones.csv, row 4, column postcode_from: The postcodes 25869 to 25846 run backward. Put the lower bound first.',
      ],
    ],
    [
      'a country that is none',
      'zones.csv',
      swap('2,Neighbours,AT', '2,Neighbours,Austria'),
      [
        'zones.csv, row 5, column country: "Austria" is no ISO 3166-1 country code. Write one such as DE, or * for any other.',
      ],
    ],
    [
      'a gap between steps',
      'prices.csv',
      swap('STD,1,5,31.5', 'STD,1,6,31.5'),
      [
        'prices.csv, row 3, column over: No price holds from 5.000 kg to 6.000 kg. Close the gap between the steps.',
      ],
    ],
    [
      'a first step above zero',
      'prices.csv',
      swap('STD,1,0,5', 'STD,1,1,5'),
      [
        'prices.csv, row 2, column over: No price holds from 0.000 kg to 1.000 kg. Close the gap between the steps.',
      ],
    ],
    [
      'overlapping steps',
      'prices.csv',
      swap('STD,1,5,31.5', 'STD,1,4,31.5'),
      [
        'prices.csv, row 3, column over: The step from 4.000 kg begins below 5.000 kg, where the one before it ends. Let each step begin where the last one ends.',
      ],
    ],
    [
      'bounds that do not rise',
      'prices.csv',
      swap('STD,1,5,31.5', 'STD,1,5,5'),
      [
        'prices.csv, row 3, column over: The step ends at 5.000 kg, not above its beginning at 5.000 kg. Correct a bound.',
      ],
    ],
    [
      'an unknown zone',
      'prices.csv',
      swap('STD,I', 'STD,J'),
      [
        'prices.csv, row 4, column zone: The zone "J" is not known. Give it a row among the zones, or correct the name.',
      ],
    ],
    [
      'an unknown service',
      'prices.csv',
      swap('EXP,1', 'EPX,1'),
      [
        'prices.csv, row 6, column service: The service "EPX" is not known. Give it a name in the card, or correct the code.',
      ],
    ],
    [
      'rows that contradict each other',
      'prices.csv',
      (csv: string) => `${csv}STD,1,0,5,amount,5.90,,\n`,
      [
        'prices.csv, row 7, column amount: It contradicts row 2, which prices the same weights otherwise. Remove one of them.',
      ],
    ],
    [
      'too many decimals',
      'prices.csv',
      swap('14.90', '14.905'),
      [
        'prices.csv, row 4, column amount: 14.905 has more decimals than EUR, which has 2. Round it as the carrier does.',
      ],
    ],
    [
      'a negative amount',
      'prices.csv',
      swap('14.90', '-14.90'),
      ['prices.csv, row 4, column amount: The amount -14.90 is negative. Write it without a sign.'],
    ],
    [
      'what is no number',
      'prices.csv',
      swap('14.90', '"14,90"'),
      [
        'prices.csv, row 4, column amount: "14,90" is no number like 12.90. Write digits and a point, without thousands marks.',
      ],
    ],
    [
      'half a gram',
      'prices.csv',
      swap('STD,2,0,31.5', 'STD,2,0,31.5005'),
      ['prices.csv, row 5, column not_over: 31.5005 kg is no whole number of grams. Round it to grams.'],
    ],
    [
      'a missing additional price',
      'prices.csv',
      swap('4.90,0.40,1', '4.90,,1'),
      ['prices.csv, row 3, column additional: It is empty. Fill it in.'],
    ],
    [
      'an unknown column',
      'surcharges.csv',
      swap('longest_over', 'longest'),
      [/^surcharges\.csv, row 1, column longest: The column is not known\. Use code, .*or remove it\.$/],
    ],
    [
      'an unknown fuel table',
      'surcharges.csv',
      swap(',road,', ',air,'),
      [
        'surcharges.csv, row 6, column table: The fuel table "air" is not known. Add its weeks or correct the name.',
      ],
    ],
    [
      'a percentage of what comes later',
      'surcharges.csv',
      swap('"LONG, HEAVY"', 'LOYAL'),
      [
        'surcharges.csv, row 6, column of: A percentage of "LOYAL" must have a higher order than it and the rest of its group. Raise the order.',
      ],
    ],
    [
      'a missing week',
      'fuel.csv',
      swap('road,2026-01-05,,12.5\n', ''),
      [
        'fuel.csv, row 3, column from: The fuel table "road" has no percentage from 2026-01-05 on until 2026-01-12. Add the missing weeks.',
      ],
    ],
    [
      'an overlapping week',
      'fuel.csv',
      swap('2026-01-12', '2026-01-11'),
      ['fuel.csv, row 4, column from: The week from 2026-01-11 overlaps the one before it. Correct a date.'],
    ],
    [
      'a stray cell',
      'fuel.csv',
      swap('12.5\n', '12.5,x\n'),
      ['fuel.csv, row 3: A cell stands under no column name. Check for a stray comma, or name the column.'],
    ],
    [
      'a quote that is never closed',
      'fuel.csv',
      swap('road,2026-01-05', '"road,2026-01-05'),
      [/^fuel\.csv, row \d+: This is no sound CSV: .*Save the table as CSV again\.$/],
    ],
  ] as const)('%s', (_what, file, change, expected) => {
    const faults = faultsOf({ [file]: change })
    expect(faults).toHaveLength(expected.length)
    expected.forEach((message, index) => {
      if (typeof message === 'string') expect(faults[index]).toBe(message)
      else expect(faults[index]).toMatch(message)
    })
  })

  test('every fault at once, not one after the other', () => {
    expect(faultsOf({ 'prices.csv': (csv) => csv.replace('14.90', 'x').replace('6.00', '-6') })).toHaveLength(
      2,
    )
  })

  test('a missing file', () => {
    const files = Object.entries(example).filter(([name]) => name !== 'zones.csv')
    const result = importTables(readCsvFiles(files.map(([name, text]) => ({ name, text }))))
    expect(result).toEqual({
      ok: false,
      faults: [{ file: 'zones.csv', row: null, column: null, message: 'It is missing. Add it.' }],
    })
  })

  test('identical rows count once, with a note', () => {
    const files = Object.entries(example).map(([name, csv]) => ({
      name,
      text: name === 'prices.csv' ? `${csv}STD,1,0,5,amount,4.90,,\n` : csv,
    }))
    const { card, notes } = sound(importTables(readCsvFiles(files)))
    expect(notes).toEqual(['prices.csv, row 7 says the same as row 2 and counts once.'])
    expect(card.versions[0]!.services[0]!.prices[0]!.steps).toHaveLength(2)
  })
})

describe('a workbook that is none', () => {
  const faultOf = async (bytes: Uint8Array) => {
    const result = await importXlsx('card.xlsx', bytes)
    if (result.ok) throw new Error('It was imported.')
    return result.faults.map(describeFault)
  }

  test('text under a false name', async () => {
    expect(await faultOf(Buffer.from('id,name\n'))).toEqual([
      'card.xlsx: This is no Excel workbook (.xlsx). Save it as .xlsx, not as .xls or under another name.',
    ])
  })

  test('a damaged one', async () => {
    const whole = await toXlsx(example)
    whole.fill(0xff, 60, 400)
    expect(await faultOf(whole)).toEqual(['card.xlsx: The workbook is damaged. Save it as .xlsx again.'])
  })

  test('a zip of something else', async () => {
    expect(await faultOf(makeZip('hello.xml', Buffer.from('<hello/>')))).toEqual([
      expect.stringMatching(/^card\.xlsx: The workbook cannot be read \(.*\)\. Save it as \.xlsx again\.$/),
    ])
  })

  test('a zip bomb, whatever size it states', async () => {
    const bomb = makeZip('xl/workbook.xml', Buffer.alloc(80 * 2 ** 20), 10)
    expect(bomb.length).toBeLessThan(200_000)
    expect(await faultOf(bomb)).toEqual([
      'card.xlsx: The workbook unpacks to more than 64 MB. Leave in it only the sheets of the card.',
    ])
  })
})
