import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ZoneRule } from '../rate-card.ts'
import { CellError, readAmount, readWeight } from './cells.ts'
import { type Collector, createCollector, finishCard } from './collect.ts'
import { areasOf } from './hongkong-post-areas.ts'
import type { ImportResult } from './report.ts'

/** @see https://www.hongkongpost.hk/opendata/DataDictionary/en/DataDictionary_PostageRate.pdf */
const step = z.object({
  weightFrom: z.string(),
  weightTo: z.string(),
  amount: z.string(),
  additionalAmount: z.string().optional(),
  additionalWeight: z.string().optional(),
})
const destination = z.object({
  destinationCode: z.string(),
  destinationNameEN: z.string(),
  zoneCode: z.string(),
})
const stepped = destination.extend({ weightStep: z.array(step).min(1), wgtLimit: z.string().optional() })
/** iMail: a price by the kilogram and a fee for each item. */
const byWeight = destination.extend({ amount: z.string(), handleFee: z.string() })
const ratesFile = z.object({
  lastUpdateDate: z.string().regex(/^\d{4}-\d\d-\d\d/),
  data: z.array(
    z.object({
      serviceCode: z.string(),
      serviceNameEN: z.string(),
      postage: z.array(z.union([stepped, byWeight])).min(1),
    }),
  ),
})
type Destination = z.output<typeof stepped> | z.output<typeof byWeight>
type RawStep = z.output<typeof step>

/** The files of the data set; all must be there. */
const fileNames = [
  'intl-AIRPAR',
  'intl-SURPAR',
  'intl-EXP',
  'intl-REG',
  'intl-ORD',
  'intl-bulk-IML',
  'local-PAR',
  'local-LCP',
  'local-REG',
  'local-ORD',
  'local-SMP',
].map((part) => `postageRate-${part}.json`)
/** Two files sell different services under one code: the older local tariff gets a code of its own. */
const codeByFile: Readonly<Record<string, string>> = { 'postageRate-local-SMP.json': 'LOC_SMP' }
/** The heaviest iMail item. The file says none. */
const iMailLimitGrams = 2000

/**
 * Imports Hongkong Post's open data "Postage rate" from a folder of its JSON files, local services too.
 *
 * What the data has of its own is handled so: identical steps count once; a destination whose steps contradict
 * each other gets no price in that service and is named in the notes; rows for parts of one country become
 * areas or postcodes; where the weight limit is less than the last step it rules, and where it is missing the
 * last step does.
 */
export async function importHongkongPost(folder: string): Promise<ImportResult> {
  const names = (await readdir(folder)).filter((name) => fileNames.includes(name))
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  )
  return readHongkongPost(files)
}

/** The same from files that were read. */
export function readHongkongPost(files: readonly { name: string; text: string }[]): ImportResult {
  const collector = createCollector()
  const read = fileNames.flatMap((name) => {
    const file = files.find((entry) => entry.name === name)
    const content = file && parseFile(collector, file)
    if (!file)
      collector.faults.push({
        file: name,
        row: null,
        column: null,
        message: 'It is missing. Download it again.',
      })
    return content ? [{ name, ...content }] : []
  })
  if (collector.faults.length > 0) return { ok: false, faults: collector.faults }
  const zoneSets: { id: string; key: string; zones: { id: string; name: string }[]; rules: ZoneRule[] }[] = []
  const services = read
    .flatMap(({ name, data }) => data.map((service) => ({ file: name, ...service })))
    .map(({ file, serviceCode, serviceNameEN, postage }, index) => {
      const code = codeOf(file, serviceCode, serviceNameEN)
      const key = JSON.stringify(postage.map(zoneOf))
      let set = zoneSets.find((entry) => entry.key === key)
      if (!set) {
        set = { id: code, key, ...readZones(postage) }
        zoneSets.push(set)
      }
      const prices = readPrices(collector, file, code, index, postage)
      const heaviest = Math.max(...prices.map((price) => price.maxWeight))
      return { code, name: serviceNameEN.trim(), zoneSet: set.id, limits: { maxWeight: heaviest }, prices }
    })
  const stamps = read.map((file) => file.lastUpdateDate.slice(0, 10)).sort()
  collector.notes.push(
    `The files are of ${stamps[0]} to ${stamps.at(-1)}. Compare them with today's tariff before relying on them.`,
    'Advice of Receipt is bought on request and not priced. The data has no size limits.',
    `iMail is read as a price by the kilogram, in proportion, and a handling fee for each item of at most ${iMailLimitGrams} g.`,
  )
  const version = {
    validFrom: stamps.at(-1),
    validUntil: null,
    zoneSets: zoneSets.map(({ id, zones, rules }) => ({ id, zones, rules })),
    services,
  }
  const card = {
    id: 'hongkong-post',
    name: 'Hongkong Post',
    carrier: 'Hongkong Post',
    currency: 'HKD',
    timeZone: 'Asia/Hong_Kong',
  }
  const source = 'Hongkong Post, open data "Postage rate" (DATA.GOV.HK)'
  return finishCard(collector, { ...card, source, versions: [version] }, 'postageRate')
}

function parseFile({ faults }: Collector, { name, text }: { name: string; text: string }) {
  const fault = (message: string) => {
    faults.push({ file: name, row: null, column: null, message })
    return null
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fault('This is no JSON. Download it again.')
  }
  const parsed = ratesFile.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  return fault(
    `${issue.path.join('.')}: ${issue.message}. The data set has changed its shape; the import must follow it.`,
  )
}

/** Letters and packets share a code; the format stands in brackets in the name. */
function codeOf(file: string, serviceCode: string, name: string): string {
  const format = /\(((?:Small|Large) Letter|Packet)\)/.exec(name)?.[1]
  const code = codeByFile[file] ?? serviceCode
  return format ? `${code}_${format.replace(' ', '_').toUpperCase()}` : code
}

/** `zoneCode` alone is not unique: MC is Monaco and Sarawak, UA is Ukraine and New York. */
const zoneOf = ({ destinationCode, zoneCode }: Destination) => `${destinationCode}-${zoneCode}`

/** All prices are for what is posted in Hong Kong. */
function readZones(postage: readonly Destination[]) {
  const counts = Map.groupBy(postage, (entry) => entry.destinationCode)
  return {
    zones: postage.map((entry) => ({ id: zoneOf(entry), name: entry.destinationNameEN.trim() })),
    rules: postage.flatMap((entry): ZoneRule[] => {
      const { destinationCode: country, zoneCode } = entry
      const rule = {
        zone: zoneOf(entry),
        country,
        postcodes: null,
        areas: [],
        origin: { country: 'HK', postcodes: null },
      }
      const part = counts.get(country)!.length > 1 ? areasOf(country, zoneCode) : undefined
      if (part?.postcodes) return part.postcodes.map((postcodes) => ({ ...rule, postcodes }))
      return [{ ...rule, areas: part?.areas ? [...part.areas] : [] }]
    }),
  }
}

function readPrices(
  collector: Collector,
  file: string,
  code: string,
  index: number,
  postage: readonly Destination[],
) {
  const prices: { zone: string; maxWeight: number; steps: unknown[] }[] = []
  for (const entry of postage) {
    const zone = zoneOf(entry)
    const place = { file, row: null, column: `${code} ${zone}` }
    try {
      const price = 'weightStep' in entry ? readSteps(collector, code, entry) : readByWeight(entry)
      if (price === null) continue
      collector.places.set(`services/${index}/prices/${prices.length}`, place)
      prices.push({ zone, ...price })
    } catch (error) {
      if (!(error instanceof CellError)) throw error
      collector.faults.push({ ...place, message: error.message })
    }
  }
  return prices
}

const grams = (text: string) => readWeight(text, 'kg')
const cents = (text: string) => readAmount(text, 'HKD')

function readSteps({ notes }: Collector, code: string, entry: z.output<typeof stepped>) {
  const distinct = [...new Map(entry.weightStep.map((raw) => [JSON.stringify(raw), raw])).values()]
  const bounds = new Set(distinct.map(({ weightFrom, weightTo }) => `${weightFrom} ${weightTo}`))
  if (bounds.size < distinct.length) {
    notes.push(
      `${code} to ${entry.destinationNameEN.trim()} (${zoneOf(entry)}) has two prices for the same weights and is not priced. Ask Hongkong Post which holds.`,
    )
    return null
  }
  const steps = distinct.map(readStep).sort((a, b) => a.over - b.over)
  const last = steps.at(-1)!.notOver
  if (entry.wgtLimit === undefined)
    notes.push(
      `${code} to ${entry.destinationNameEN.trim()} (${zoneOf(entry)}) has no weight limit; the last step's end is taken.`,
    )
  return { maxWeight: entry.wgtLimit === undefined ? last : grams(entry.wgtLimit), steps }
}

/** A plain step, or a first amount with an additional one for each weight begun above the lower bound. */
function readStep({ weightFrom, weightTo, amount, additionalAmount, additionalWeight }: RawStep) {
  if ((additionalAmount === undefined) !== (additionalWeight === undefined))
    throw new CellError(
      `The step from ${weightFrom} kg has only half of an additional price. Download the file again.`,
    )
  const amountMinor = cents(amount)
  const price =
    additionalAmount === undefined
      ? { kind: 'amount' as const, amountMinor }
      : {
          kind: 'additional' as const,
          amountMinor,
          additionalMinor: cents(additionalAmount),
          unit: grams(additionalWeight!),
        }
  return { over: grams(weightFrom), notOver: grams(weightTo), price }
}

/** @see https://www.hongkongpost.hk/en/sending_mail/international/air/imail/index.html "kg charge", "item handling fees" */
function readByWeight({ amount, handleFee }: z.output<typeof byWeight>) {
  const price = { kind: 'perWeight', amountMinor: cents(handleFee), rateMinor: cents(amount), unit: 1000 }
  return { maxWeight: iMailLimitGrams, steps: [{ over: 0, notOver: iMailLimitGrams, price }] }
}
