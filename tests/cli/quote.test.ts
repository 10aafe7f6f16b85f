import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../support/database.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
const database = useDatabase()
let folder: string

async function entrepot(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const all = [main, ...args, '--database-url', database().url, '--data-folder', folder]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, all, { timeout: 60_000 })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

/** A card of two services within Germany; the second takes no more than 5 kg. */
async function writeCard(name: string, currency: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  const card = [
    ['id', name],
    ['name', `Card ${name}`],
    ['carrier', 'Cyclists'],
    ['currency', currency],
    ['source', 'test'],
    ['valid_from', '2026-01-01'],
    ['weight_unit', 'kg'],
    ['length_unit', 'cm'],
  ].map(([field, value]) => `${field},,${value}`)
  const services = ['name,STD,Standard', 'max_weight,STD,30', 'name,SML,Small', 'max_weight,SML,5']
  await writeFile(join(path, 'card.csv'), ['field,service,value', ...card, ...services].join('\n'))
  await writeFile(join(path, 'zones.csv'), 'zone,country\n1,DE\n')
  await writeFile(
    join(path, 'prices.csv'),
    'service,zone,over,not_over,kind,amount\nSTD,1,0,30,amount,6.90\nSML,1,0,5,amount,4.20\n',
  )
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrepot-quote-'))
  for (const [name, currency] of [
    ['bike', 'EUR'],
    ['boat', 'USD'],
  ] as const) {
    const path = await writeCard(name, currency)
    expect(await entrepot('carrier-costs', 'import', 'table', path)).toMatchObject({
      code: 0,
      out: expect.stringContaining('new'),
    })
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('entrepot quote', () => {
  const way = ['--from', 'DE:10115', '--to', 'DE:20095', '--ship-on', '2026-05-04']

  test('shows prices, the cheapest first, and what is not offered with its reason', async () => {
    const { code, out } = await entrepot('quote', ...way, '--weight', '6kg', '--card', 'bike')
    expect(code).toBe(0)
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['carrier', 'service', 'total', 'days', 'source', 'expires'],
      ['Cyclists', 'Standard', '6.90 EUR', 'Card bike (comparison only)'],
      [''],
      ['Not offered:'],
      ['', 'Card bike, SML: Parcel 1 is heavier than 5.000 kg.'],
      [''],
    ])
  })

  test('takes several parcels and gives machines everything, each price explained', async () => {
    const { out } = await entrepot(
      '--json',
      'quote',
      ...way,
      '--weight',
      '2lb',
      '--weight',
      '900',
      '--size',
      '30x20x10cm',
      '--size',
      '300x200x100',
      '--currency',
      'EUR',
    )
    const answer = JSON.parse(out)
    expect(answer.request.parcels).toEqual([
      { weightGrams: 908, lengthMm: 300, widthMm: 200, heightMm: 100 },
      { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 100 },
    ])
    expect(answer.offers.map((offer: { totalMinor: number }) => offer.totalMinor)).toEqual([840, 1380])
    expect(answer.offers[0].explanation.at(-1)).toBe('Total 8.40 EUR.')
    expect(answer.otherCurrencies.map((offer: { currency: string }) => offer.currency)).toEqual([
      'USD',
      'USD',
    ])
  })

  test('refuses what it cannot read, naming it', async () => {
    const refused = async (...args: string[]) => {
      const { code, err } = await entrepot('quote', ...args)
      expect(code).toBe(2)
      return err
    }
    expect(await refused('--from', 'Berlin', '--to', 'DE', '--weight', '1')).toContain(
      '"Berlin" is no place.',
    )
    expect(await refused(...way, '--weight', '1', '--weight', '2', '--size', '1x1x1')).toContain(
      '2 weights and 1 sizes',
    )
  })

  test('entrepot carrier-costs compare sets the same offers side by side in one currency', async () => {
    const rates = join(folder, 'rates.csv')
    await writeFile(rates, 'date,base,quote,rate\n2026-05-01,EUR,USD,1.15\n')
    expect(await entrepot('carrier-costs', 'rates', 'import', rates)).toMatchObject({ code: 0 })
    const { out } = await entrepot('carrier-costs', 'compare', ...way, '--weight', '6kg', '--currency', 'EUR')
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
    expect(lines[1]).toEqual([
      'Cyclists',
      'Standard',
      '6.90 USD',
      '6.00 EUR at 2026-05-01',
      'no data',
      'no data (0)',
      'Card boat',
      'cheapest, best value, for comparison only',
    ])
    expect(lines[2]!.at(-1)).toBe('outdone by another, for comparison only')
    expect(out).toContain('not offered')
  })
})
