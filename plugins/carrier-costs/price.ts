import type { QuoteCharge } from 'entrepot/sdk'
import { NotFoundError } from 'entrepot/sdk'
import { priceBase } from './base.ts'
import type { Compiled, CompiledService } from './compile.ts'
import { measure } from './measures.ts'
import { normalisePostcode } from './postcodes.ts'
import type { Assumption, Explanation, Priced, PriceRequest, Refusal, Term } from './quote.ts'
import { divideUp } from './ratio.ts'
import { addSurcharges } from './surcharges.ts'
import { notAsked, startWork, type Work } from './work.ts'
import { findRule } from './zones.ts'

/** What the request costs with one service of the card. Throws NotFoundError for a service that it lacks. */
export function priceParcels(compiled: Compiled, request: PriceRequest, service: string): Priced {
  return price(compiled, request, service, null)
}

/** What the request costs with each service of the card, in the card's order. */
export function priceServices(compiled: Compiled, request: PriceRequest): Priced[] {
  const work = startWork(compiled)
  const refusal = prepare(work, compiled, request)
  const priced = new Array<Priced>(compiled.services.length)
  for (let index = 0; index < priced.length; index += 1) {
    const service = compiled.services[index]!
    priced[index] = refusal ? refuse(service, refusal) : priceService(work, compiled, service, request, null)
  }
  return priced
}

/** The same price by the same code, with every term of it written down. */
export function explainPrice(compiled: Compiled, request: PriceRequest, service: string): Explanation {
  const terms: Term[] = []
  const priced = price(compiled, request, service, terms)
  const { card, partsPerGram } = compiled
  return { service, currency: card.currency, partsPerGram, priced, terms }
}

function price(compiled: Compiled, request: PriceRequest, code: string, terms: Term[] | null): Priced {
  const index = compiled.serviceIndex.get(code)
  if (index === undefined)
    throw new NotFoundError(`The rate card ${compiled.card.id} has no service "${code}".`)
  const service = compiled.services[index]!
  const work = startWork(compiled)
  const refusal = prepare(work, compiled, request)
  return refusal ? refuse(service, refusal) : priceService(work, compiled, service, request, terms)
}

/** Takes in what is the same for every service; gives what refuses them all. */
function prepare(work: Work, compiled: Compiled, request: PriceRequest): Refusal | null {
  work.currency = compiled.card.currency
  work.day = compiled.dayOf(request.shipAt)
  if (!(work.day >= compiled.fromDay && work.day <= compiled.untilDay)) return { code: 'not_in_force' }
  if (request.parcels.length === 0) return { code: 'no_parcels' }
  const parcel = measure(work.holdParcels(request.parcels.length), request.parcels, compiled.partsPerGram)
  if (parcel !== -1) return { code: 'bad_measure', parcel }
  work.fromPostcode = normalisePostcode(request.from.postcode)
  work.toPostcode = normalisePostcode(request.to.postcode)
  return null
}

const refuse = (service: CompiledService, refusal: Refusal): Priced => ({
  isOffered: false,
  service: service.definition.code,
  refusal,
})

function priceService(
  work: Work,
  compiled: Compiled,
  service: CompiledService,
  request: PriceRequest,
  terms: Term[] | null,
): Priced {
  const rule = ruleFor(work, compiled, service, request)
  if (rule < 0) return refuse(service, zoneRefusals[-rule - 1]!)
  const zones = compiled.zoneSets[service.zoneSet]!
  const zone = zones.zoneOf[rule]!
  if (terms) {
    const { validFrom, validUntil } = compiled.version
    terms.push({ kind: 'version', validFrom, validUntil })
    terms.push({
      kind: 'zone',
      zone: zones.zones[zone]!.id,
      name: zones.zones[zone]!.name,
      rule: zones.rules[rule]!,
    })
  }
  if (service.firstStep[zone] === -1)
    return refuse(service, { code: 'no_price', zone: zones.zones[zone]!.id })
  const assumes = assumptions(work, service, request)
  if (terms) for (const what of assumes) terms.push({ kind: 'assumed', what })
  const charges: QuoteCharge[] = []
  const refusal =
    priceBase(work, service, zone, request, charges, terms) ??
    addSurcharges(work, service, request, charges, terms)
  if (refusal) return refuse(service, refusal)
  let totalMinor = 0
  for (let index = 0; index < charges.length; index += 1) totalMinor += charges[index]!.amountMinor
  if (terms) terms.push({ kind: 'total', totalMinor })
  const billedWeightGrams = divideUp(work.billable, compiled.partsPerGram)
  return {
    isOffered: true,
    service: service.definition.code,
    totalMinor,
    charges,
    billedWeightGrams,
    assumes,
  }
}

/** By the negative words of `findRule`, from -1 downward. */
const zoneRefusals: readonly Refusal[] = [
  { code: 'no_zone' },
  { code: 'postcode_missing' },
  { code: 'area_missing' },
]

/** Services that share a zone set share the answer. */
function ruleFor(
  work: Work,
  compiled: Compiled,
  service: CompiledService,
  { from, to }: PriceRequest,
): number {
  const known = work.ruleOfSet[service.zoneSet]!
  if (known !== notAsked) return known
  const zones = compiled.zoneSets[service.zoneSet]!
  const rule = findRule(zones, from, work.fromPostcode, to, work.toPostcode)
  work.ruleOfSet[service.zoneSet] = rule
  return rule
}

const nothing: readonly Assumption[] = []
const sizeOnly: readonly Assumption[] = ['size']
const homeOnly: readonly Assumption[] = ['residential']
const both: readonly Assumption[] = ['size', 'residential']

function assumptions(
  { measures }: Work,
  service: CompiledService,
  { to }: PriceRequest,
): readonly Assumption[] {
  const isHomeUnknown = service.needsResidential && to.isResidential === null
  let isSizeUnknown = false
  if (service.needsSize)
    for (let parcel = 0; parcel < measures.count; parcel += 1)
      if (measures.isSizeKnown[parcel] === 0) isSizeUnknown = true
  if (isSizeUnknown) return isHomeUnknown ? both : sizeOnly
  return isHomeUnknown ? homeOnly : nothing
}
