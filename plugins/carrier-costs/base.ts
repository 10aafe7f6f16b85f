import type { QuoteCharge } from 'entrepot/sdk'
import { type CompiledOverride, type CompiledService, stepKinds } from './compile.ts'
import { meetsOfParcel, meetsOfShipment, unknown, yes } from './conditions.ts'
import { sayConditions } from './explain.ts'
import type { PriceRequest, Refusal, Term } from './quote.ts'
import { divideUp, scaleHalfUp, scaleUp } from './ratio.ts'
import type { Work } from './work.ts'

/** Adds what the weight costs, or the flat price that stands in for it; gives why there is none. */
export function priceBase(
  work: Work,
  service: CompiledService,
  zone: number,
  request: PriceRequest,
  charges: QuoteCharge[],
  terms: Term[] | null,
): Refusal | null {
  const refusal = checkLimits(work, service, zone)
  if (refusal) return refusal
  weigh(work, service, terms)
  return service.isByShipment
    ? priceShipment(work, service, zone, request, charges, terms)
    : priceEach(work, service, zone, request, charges, terms)
}

function checkLimits({ measures }: Work, service: CompiledService, zone: number): Refusal | null {
  const limit = service.maxWeight[zone]!
  const { lengthMm, lengthPlusGirthMm, sidesMm } = service.limits
  for (let parcel = 0; parcel < measures.count; parcel += 1) {
    if (measures.weight[parcel]! > limit) return { code: 'too_heavy', parcel, limit }
    if (!service.hasSizeLimits || measures.isSizeKnown[parcel] === 0) continue
    const longest = measures.longest[parcel]!
    const second = measures.second[parcel]!
    const third = measures.third[parcel]!
    if (longest > lengthMm) return { code: 'too_long', parcel }
    if (longest + 2 * (second + third) > lengthPlusGirthMm) return { code: 'girth_too_large', parcel }
    if (longest > sidesMm[0] || second > sidesMm[1] || third > sidesMm[2])
      return { code: 'too_large', parcel }
  }
  return null
}

/** Billable weight by parcel: the greater of actual and dimensional; rounded and raised where each is priced. */
function weigh({ measures }: Work, service: CompiledService, terms: Term[] | null): void {
  const unit = service.isByShipment ? 1 : service.definition.weightUnit
  const minimum = service.isByShipment ? 0 : service.definition.minWeight
  for (let parcel = 0; parcel < measures.count; parcel += 1) {
    const actual = measures.weight[parcel]!
    const dimensional = measures.isSizeKnown[parcel] === 0 ? -1 : dimensionalWeight(measures, service, parcel)
    const billable = Math.max(divideUp(Math.max(actual, dimensional), unit) * unit, minimum)
    measures.billable[parcel] = billable
    if (terms) {
      const byVolume = dimensional === -1 ? null : dimensional
      terms.push({ kind: 'weight', parcel, actual, dimensional: byVolume, billable, unit, minimum })
    }
  }
}

function dimensionalWeight(measures: Work['measures'], service: CompiledService, parcel: number): number {
  const { dimensional } = service
  if (dimensional === null || measures.volume[parcel]! <= dimensional.overVolumeMm3) return -1
  const { sideUnit, a, b, unit } = dimensional
  const longest = measures.longest[parcel]!
  const second = measures.second[parcel]!
  const third = measures.third[parcel]!
  if (sideUnit === 'mm') return scaleUp(measures.volume[parcel]!, a, b) * unit
  if (sideUnit === 'cm')
    return scaleUp(divideUp(longest, 10) * divideUp(second, 10) * divideUp(third, 10), a, b) * unit
  // 25.4 mm is 127/5.
  const inches = divideUp(longest * 5, 127) * divideUp(second * 5, 127) * divideUp(third * 5, 127)
  return scaleUp(inches, a, b) * unit
}

function priceEach(
  work: Work,
  service: CompiledService,
  zone: number,
  request: PriceRequest,
  charges: QuoteCharge[],
  terms: Term[] | null,
): Refusal | null {
  const { measures } = work
  let byWeight = 0
  let flat = -1
  work.billable = 0
  work.baseMinor = 0
  for (let parcel = 0; parcel < measures.count; parcel += 1) {
    const billable = measures.billable[parcel]!
    work.billable += billable
    if (service.overrides.length > 0) {
      const found = override(work, service, zone, request, parcel, charges, terms)
      if (found === overridden) continue
      if (found !== null) return found
    }
    const step = findStep(service, zone, billable)
    if (step === -1) return beyondSteps(service, zone, parcel, billable)
    const amountMinor = priceStep(service, step, billable, 1)
    if (service.steps.kind[step] === stepKinds.flat) flat = Math.max(flat, amountMinor)
    else byWeight += amountMinor
    if (terms) terms.push(stepTerm(service, step, parcel, amountMinor))
  }
  addBase(work, service, byWeight + Math.max(flat, 0), charges)
  return null
}

function priceShipment(
  work: Work,
  service: CompiledService,
  zone: number,
  request: PriceRequest,
  charges: QuoteCharge[],
  terms: Term[] | null,
): Refusal | null {
  const { measures } = work
  let sum = 0
  let pieces = 0
  work.billable = 0
  work.baseMinor = 0
  for (let parcel = 0; parcel < measures.count; parcel += 1) {
    if (service.overrides.length > 0) {
      const found = override(work, service, zone, request, parcel, charges, terms)
      if (found === overridden) {
        work.billable += measures.billable[parcel]!
        continue
      }
      if (found !== null) return found
    }
    sum += measures.billable[parcel]!
    pieces += 1
  }
  if (pieces === 0) return null
  const { weightUnit, minWeight } = service.definition
  const billable = Math.max(divideUp(sum, weightUnit) * weightUnit, minWeight)
  work.billable += billable
  const step = findStep(service, zone, billable)
  if (step === -1) return beyondSteps(service, zone, null, billable)
  const amountMinor = priceStep(service, step, billable, pieces)
  if (terms) {
    terms.push({ kind: 'shipmentWeight', billable, unit: weightUnit, minimum: minWeight })
    terms.push(stepTerm(service, step, null, amountMinor))
  }
  addBase(work, service, amountMinor, charges)
  return null
}

function addBase(work: Work, service: CompiledService, amountMinor: number, charges: QuoteCharge[]): void {
  const { code, name } = service.definition
  // A parcel that a flat price stands in for leaves nothing here.
  if (amountMinor === 0 && charges.length > 0) return
  charges.unshift({ kind: 'base', code, label: name, amountMinor })
  work.baseMinor += amountMinor
}

const overridden = Symbol('overridden')

/** Adds the first flat price whose condition the parcel meets; null where none stands in. */
function override(
  work: Work,
  service: CompiledService,
  zone: number,
  request: PriceRequest,
  parcel: number,
  charges: QuoteCharge[],
  terms: Term[] | null,
): typeof overridden | Refusal | null {
  for (const entry of service.overrides) {
    const amountMinor = entry.amountMinor[zone]!
    if (amountMinor === -1 || !meetsOfParcel(entry.when, work.measures, parcel)) continue
    const met = meetsOfShipment(entry.when, request.to, work.toPostcode, request.declaredValueMinor)
    if (met === unknown) return { code: 'postcode_missing' }
    if (met !== yes) continue
    charges.push({ kind: 'base', code: entry.id, label: entry.label, amountMinor })
    work.baseMinor += amountMinor
    if (terms) terms.push(overrideTerm(entry, work, parcel, amountMinor, request))
    return overridden
  }
  return null
}

const overrideTerm = (
  { label, when }: CompiledOverride,
  work: Work,
  parcel: number,
  amountMinor: number,
  request: PriceRequest,
): Term => ({
  kind: 'override',
  parcel,
  label,
  amountMinor,
  because: sayConditions(when, work, parcel, request),
})

/** The step of the zone that holds the weight, by binary search; -1 where it is above the last. */
function findStep(service: CompiledService, zone: number, weight: number): number {
  const { notOver } = service.steps
  const end = service.endStep[zone]!
  let low = service.firstStep[zone]!
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (notOver[middle]! < weight) low = middle + 1
    else high = middle
  }
  return low === end ? -1 : low
}

function beyondSteps(
  service: CompiledService,
  zone: number,
  parcel: number | null,
  billable: number,
): Refusal {
  return { code: 'beyond_steps', parcel, billable, limit: service.steps.notOver[service.endStep[zone]! - 1]! }
}

function priceStep({ steps }: CompiledService, step: number, weight: number, pieces: number): number {
  const amountMinor = steps.amountMinor[step]!
  switch (steps.kind[step]) {
    case stepKinds.additional:
      return amountMinor + divideUp(weight - steps.over[step]!, steps.unit[step]!) * steps.moreMinor[step]!
    case stepKinds.perWeight:
      return amountMinor + scaleHalfUp(steps.moreMinor[step]!, weight, steps.unit[step]!)
    case stepKinds.perPiece:
      return amountMinor * pieces
    default:
      return amountMinor
  }
}

function stepTerm(service: CompiledService, step: number, parcel: number | null, amountMinor: number): Term {
  const { over, notOver, price } = service.stepDefinitions[step]!
  return { kind: 'step', parcel, over, notOver, price, amountMinor }
}
