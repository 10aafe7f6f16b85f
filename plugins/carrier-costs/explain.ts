import { formatMoney } from 'entrepot/sdk'
import type { CompiledSurcharge } from './compile.ts'
import type { Conditions } from './conditions.ts'
import type { Explanation, PriceRequest, Refusal, Term } from './quote.ts'
import type { StepPrice, ZoneRule } from './rate-card.ts'
import type { Work } from './work.ts'

/** A weight in parts of a gram as people read it, exactly: "5.000 kg", "0.45359237 kg". */
export function formatWeight(parts: number, partsPerGram: number): string {
  const digits = partsPerGram === 1 ? 3 : 8
  const text = String(parts).padStart(digits + 1, '0')
  const decimals = text.slice(-digits).replace(/0+$/, '').padEnd(3, '0')
  return `${text.slice(0, -digits)}.${decimals} kg`
}

/** The explanation in words, a line for each term; a refusal ends it with its reason. */
export function renderExplanation({ currency, partsPerGram, priced, terms }: Explanation): string[] {
  const say: Say = {
    money: (minor) => formatMoney({ minor, currency }),
    weight: (parts) => formatWeight(parts, partsPerGram),
  }
  const lines = terms.map((term) => sayTerm(term, say))
  if (!priced.isOffered) lines.push(`Not offered: ${describeRefusal(priced.refusal, partsPerGram)}`)
  return lines
}

type Say = { money(minor: number): string; weight(parts: number): string }

function sayTerm(term: Term, { money, weight }: Say): string {
  switch (term.kind) {
    case 'version':
      return `Prices in force from ${term.validFrom} ${term.validUntil ? `until ${term.validUntil}` : 'on'}.`
    case 'zone':
      return `Zone ${term.zone}${term.name === term.zone ? '' : ` (${term.name})`}: ${sayRule(term.rule)}.`
    case 'assumed':
      return term.what === 'size'
        ? 'A size is not known: no weight by volume, no size limit and no size surcharge was applied.'
        : 'Whether the place is a home is not known: it was taken for one.'
    case 'weight': {
      const byVolume = term.dimensional === null ? '' : `, ${weight(term.dimensional)} by volume`
      const rounded = term.unit === 1 ? '' : `, rounded up to ${weight(term.unit)}`
      const least = term.minimum === 0 ? '' : `, at least ${weight(term.minimum)}`
      return `Parcel ${term.parcel + 1}: ${weight(term.actual)}${byVolume}${rounded}${least}: billed as ${weight(term.billable)}.`
    }
    case 'shipmentWeight': {
      const rounded = term.unit === 1 ? '' : `, rounded up to ${weight(term.unit)}`
      const least = term.minimum === 0 ? '' : `, at least ${weight(term.minimum)}`
      return `The parcels together${rounded}${least}: billed as ${weight(term.billable)}.`
    }
    case 'step': {
      const whose = term.parcel === null ? 'The shipment' : `Parcel ${term.parcel + 1}`
      const bounds = `over ${weight(term.over)}, not over ${weight(term.notOver)}`
      return `${whose}: step ${bounds}: ${sayPrice(term.price, { money, weight })} = ${money(term.amountMinor)}.`
    }
    case 'override':
      return `Parcel ${term.parcel + 1}: ${term.label} ${money(term.amountMinor)} in place of the weight's price, because ${term.because.join(' and ')}.`
    case 'surcharge': {
      const because = term.because.length === 0 ? '' : `, because ${term.because.join(' and ')}`
      return `${term.label} (${term.code}): ${term.how} = ${money(term.amountMinor)}${because}.`
    }
    case 'outdone':
      return `${term.label} (${term.code}): ${money(term.amountMinor)} is not charged: of the group ${term.group} only the highest applies, ${term.by}.`
    case 'total':
      return `Total ${money(term.totalMinor)}.`
  }
}

function sayRule({ country, postcodes, areas, origin }: ZoneRule): string {
  const parts = [country === '*' ? 'any other country' : country]
  if (postcodes)
    parts.push(
      postcodes.from === postcodes.to
        ? `postcodes ${postcodes.from}...`
        : `postcodes ${postcodes.from} to ${postcodes.to}`,
    )
  if (areas.length > 0) parts.push(`the area ${areas[0]}`)
  if (origin) {
    const range = origin.postcodes
    parts.push(`from ${origin.country}${range ? ` ${range.from} to ${range.to}` : ''}`)
  }
  return `${parts.join(', ')} is the most specific row that holds`
}

function sayPrice(price: StepPrice, { money, weight }: Say): string {
  const amount = money(price.amountMinor)
  switch (price.kind) {
    case 'amount':
      return amount
    case 'additional':
      return `${amount} and ${money(price.additionalMinor)} for each ${weight(price.unit)} begun above the lower bound`
    case 'perWeight':
      return `${amount} and ${money(price.rateMinor)} for each ${weight(price.unit)} in proportion`
    case 'flat':
      return `${amount} for the whole shipment`
    case 'perPiece':
      return `${amount} a parcel`
  }
}

/** What of the condition was met, in words. */
export function sayConditions(when: Conditions, work: Work, parcel: number, request: PriceRequest): string[] {
  const { measures, toPostcode, currency } = work
  const money = (minor: number) => formatMoney({ minor, currency })
  const longest = measures.longest[parcel]!
  const girth = 2 * (measures.second[parcel]! + measures.third[parcel]!)
  const met: string[] = []
  const over = (bound: number, what: string, value: number, unit: string) => {
    if (bound !== -1) met.push(`the ${what} of ${value} ${unit} is over ${bound} ${unit}`)
  }
  const { partsPerGram } = measures
  if (when.weightOver !== -1)
    met.push(
      `the weight of ${formatWeight(measures.weight[parcel]!, partsPerGram)} is over ${formatWeight(when.weightOver, partsPerGram)}`,
    )
  over(when.longestOver, 'longest side', longest, 'mm')
  over(when.secondOver, 'second side', measures.second[parcel]!, 'mm')
  over(when.girthOver, 'girth', girth, 'mm')
  over(when.lengthPlusGirthOver, 'length plus girth', longest + girth, 'mm')
  over(when.volumeOver, 'volume', measures.volume[parcel]!, 'mm3')
  if (when.isResidential !== null) met.push(`the place is ${when.isResidential ? 'a home' : 'no home'}`)
  if (when.countries !== null) met.push(`it goes to ${request.to.country}`)
  if (when.postcodes !== null) met.push(`the postcode ${toPostcode} is listed`)
  if (when.valueOverMinor !== -1)
    met.push(
      `the declared value of ${money(request.declaredValueMinor!)} is over ${money(when.valueOverMinor)}`,
    )
  return met
}

const percent = (basisPoints: number): string =>
  `${Math.trunc(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')} %`

/** How the amount of a surcharge came about. `week` is the row of its fuel table, or -1. */
export function sayRate({ definition, fuel }: CompiledSurcharge, week: number, work: Work): string {
  const money = (minor: number) => formatMoney({ minor, currency: work.currency })
  const { rate } = definition
  const of = 'plus' in rate && rate.plus.length > 0 ? `the base and ${rate.plus.join(', ')}` : 'the base'
  switch (rate.kind) {
    case 'fixed':
      return 'once'
    case 'perPiece':
      return `${money(rate.amountMinor)} a parcel`
    case 'perWeight':
      return `${money(rate.amountMinor)} for each ${formatWeight(rate.unit, work.measures.partsPerGram)} begun`
    case 'percentage':
      return `${percent(rate.basisPoints)} of ${of}`
    case 'fuel':
      return `${percent(fuel!.basisPoints[week]!)} of ${of} by the table ${fuel!.id}`
  }
}

/** Why a service is not offered, as a sentence for people. */
export function describeRefusal(refusal: Refusal, partsPerGram: number): string {
  const weight = (parts: number) => formatWeight(parts, partsPerGram)
  switch (refusal.code) {
    case 'not_in_force':
      return 'The ship date lies outside the validity of these prices.'
    case 'no_parcels':
      return 'There is no parcel to price.'
    case 'no_zone':
      return 'The rate card has no zone for this origin and destination.'
    case 'postcode_missing':
      return 'The price depends on the postcode, which is missing.'
    case 'area_missing':
      return 'The price depends on the part of the country: a region or a city is missing.'
    case 'bad_measure':
      return `The weight or a side of parcel ${refusal.parcel + 1} is no whole number above zero, or beyond any parcel's.`
    case 'no_price':
      return `The service has no price for the zone ${refusal.zone}.`
    case 'too_heavy':
      return `Parcel ${refusal.parcel + 1} is heavier than ${weight(refusal.limit)}.`
    case 'beyond_steps':
      return `${refusal.parcel === null ? 'The shipment' : `Parcel ${refusal.parcel + 1}`} is billed as ${weight(refusal.billable)}; prices end at ${weight(refusal.limit)}.`
    case 'too_long':
      return `Parcel ${refusal.parcel + 1} is longer than the service takes.`
    case 'girth_too_large':
      return `Length and girth of parcel ${refusal.parcel + 1} together are more than the service takes.`
    case 'too_large':
      return `A side of parcel ${refusal.parcel + 1} is longer than the service takes.`
    case 'no_fuel_rate':
      return `The fuel table ${refusal.table} has no percentage for the ship date.`
  }
}
