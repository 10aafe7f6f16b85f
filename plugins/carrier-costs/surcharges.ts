import type { QuoteCharge } from 'entrepot/sdk'
import type { CompiledFuel, CompiledService, CompiledSurcharge } from './compile.ts'
import { meetsOfParcel, meetsOfShipment, no, unknown } from './conditions.ts'
import { sayConditions, sayRate } from './explain.ts'
import type { PriceRequest, Refusal, Term } from './quote.ts'
import { divideUp, scaleHalfUp } from './ratio.ts'
import type { Work } from './work.ts'

/** Adds the surcharges that apply, from the lowest order upward; gives why there can be no price. */
export function addSurcharges(
  work: Work,
  service: CompiledService,
  request: PriceRequest,
  charges: QuoteCharge[],
  terms: Term[] | null,
): Refusal | null {
  const { surcharges } = service
  if (surcharges.length === 0) return null
  work.holdSurcharges(surcharges.length, service.groupCount)
  for (let index = 0; index < surcharges.length; index += 1) {
    const surcharge = surcharges[index]!
    if (work.day < surcharge.fromDay || work.day > surcharge.untilDay) continue
    const { when } = surcharge
    const met = meetsOfShipment(when, request.to, work.toPostcode, request.declaredValueMinor)
    if (met === no) continue
    const pieces = when.isOfParcel ? countPieces(work, surcharge) : work.measures.count
    if (pieces === 0) continue
    if (met === unknown) return { code: 'postcode_missing' }
    const amountMinor = amountOf(work, surcharge, pieces)
    if (amountMinor === noRate) return { code: 'no_fuel_rate', table: surcharge.fuel!.id }
    work.metMinor[index] = amountMinor
    apply(work, surcharge, index, amountMinor)
  }
  for (let index = 0; index < surcharges.length; index += 1) {
    const amountMinor = work.surchargeMinor[index]!
    if (amountMinor === 0) continue
    const { kind, code, label } = surcharges[index]!.definition
    charges.push({ kind, code, label, amountMinor })
  }
  if (terms)
    for (let index = 0; index < surcharges.length; index += 1) explain(work, service, request, terms, index)
  return null
}

/** Books the amount, unless a higher one of its group stands already. A discount never goes below zero in all. */
function apply(work: Work, surcharge: CompiledSurcharge, index: number, amountMinor: number): void {
  const rival = surcharge.group === -1 ? -1 : work.highest[surcharge.group]!
  if (rival !== -1) {
    if (work.metMinor[rival]! >= amountMinor) return
    work.surchargeMinor[rival] = 0
  }
  if (surcharge.group !== -1) work.highest[surcharge.group] = index
  if (surcharge.definition.kind !== 'discount') {
    work.surchargeMinor[index] = amountMinor
    return
  }
  let soFar = work.baseMinor
  for (let other = 0; other < index; other += 1) soFar += work.surchargeMinor[other]!
  // Not -0, which is no amount.
  work.surchargeMinor[index] = 0 - Math.min(amountMinor, soFar)
}

function countPieces({ measures }: Work, { when }: CompiledSurcharge): number {
  let pieces = 0
  for (let parcel = 0; parcel < measures.count; parcel += 1)
    if (meetsOfParcel(when, measures, parcel)) pieces += 1
  return pieces
}

const noRate = -1

function amountOf(work: Work, surcharge: CompiledSurcharge, pieces: number): number {
  const { rate } = surcharge.definition
  switch (rate.kind) {
    case 'fixed':
      return rate.amountMinor
    case 'perPiece':
      return rate.amountMinor * pieces
    case 'perWeight':
      return divideUp(weightOf(work, surcharge, pieces), rate.unit) * rate.amountMinor
    case 'percentage':
      return scaleHalfUp(worthOf(work, surcharge), rate.basisPoints, 10_000)
    case 'fuel': {
      const row = findWeek(surcharge.fuel!, work.day)
      return row === -1
        ? noRate
        : scaleHalfUp(worthOf(work, surcharge), surcharge.fuel!.basisPoints[row]!, 10_000)
    }
  }
}

/** Billable weight of the parcels that meet the condition. */
function weightOf({ measures, billable }: Work, { when }: CompiledSurcharge, pieces: number): number {
  if (pieces === measures.count) return billable
  let sum = 0
  for (let parcel = 0; parcel < measures.count; parcel += 1)
    if (meetsOfParcel(when, measures, parcel)) sum += measures.billable[parcel]!
  return sum
}

/** What a percentage is of. */
function worthOf(work: Work, { plus }: CompiledSurcharge): number {
  let worth = work.baseMinor
  for (let at = 0; at < plus.length; at += 1) worth += work.surchargeMinor[plus[at]!]!
  return Math.max(worth, 0)
}

/** The row of the fuel table for the day, or -1. */
export function findWeek({ fromDays, untilDays }: CompiledFuel, day: number): number {
  let low = 0
  let high = fromDays.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fromDays[middle]! <= day) low = middle + 1
    else high = middle
  }
  return low > 0 && day <= untilDays[low - 1]! ? low - 1 : -1
}

function explain(
  work: Work,
  service: CompiledService,
  request: PriceRequest,
  terms: Term[],
  index: number,
): void {
  const metMinor = work.metMinor[index]!
  if (metMinor === -1) return
  const surcharge = service.surcharges[index]!
  const { code, label, group } = surcharge.definition
  const amountMinor = work.surchargeMinor[index]!
  const winner = surcharge.group === -1 ? index : work.highest[surcharge.group]!
  if (winner !== index) {
    const by = service.surcharges[winner]!.definition.code
    terms.push({ kind: 'outdone', code, label, amountMinor: metMinor, group: group!, by })
    return
  }
  let parcel = 0
  while (!meetsOfParcel(surcharge.when, work.measures, parcel)) parcel += 1
  const week = surcharge.fuel ? findWeek(surcharge.fuel, work.day) : -1
  terms.push({
    kind: 'surcharge',
    code,
    label,
    amountMinor,
    because: sayConditions(surcharge.when, work, parcel, request),
    how: sayRate(surcharge, week, work),
  })
}
