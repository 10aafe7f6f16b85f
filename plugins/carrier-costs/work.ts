import type { Compiled } from './compile.ts'
import { createMeasures, type Measures } from './measures.ts'

/** What pricing one request writes on. There is one, reused: a price is worked out in one go, without a pause. */
export type Work = {
  day: number
  currency: string
  fromPostcode: string
  toPostcode: string
  measures: Measures
  /** By zone set: the row found, or `notAsked`. */
  ruleOfSet: Int32Array
  /** Billable weight of the service at hand, all parcels together. */
  billable: number
  baseMinor: number
  /** By position in the service's list; a discount is negative. */
  surchargeMinor: Float64Array
  /** The same before exclusivity and without a sign; -1 where the condition is not met. */
  metMinor: Float64Array
  /** By group: the position of the highest so far, or -1. */
  highest: Int32Array
  holdParcels(count: number): Measures
  holdSurcharges(count: number, groups: number): void
}

export const notAsked = -9

const work: Work = {
  day: 0,
  currency: '',
  fromPostcode: '',
  toPostcode: '',
  measures: createMeasures(16),
  ruleOfSet: new Int32Array(16),
  billable: 0,
  baseMinor: 0,
  surchargeMinor: new Float64Array(64),
  metMinor: new Float64Array(64),
  highest: new Int32Array(16),
  holdParcels(count) {
    if (count > this.measures.weight.length) this.measures = createMeasures(count * 2)
    return this.measures
  },
  holdSurcharges(count, groups) {
    if (count > this.surchargeMinor.length) {
      this.surchargeMinor = new Float64Array(count * 2)
      this.metMinor = new Float64Array(count * 2)
    }
    if (groups > this.highest.length) this.highest = new Int32Array(groups * 2)
    for (let index = 0; index < count; index += 1) {
      this.surchargeMinor[index] = 0
      this.metMinor[index] = -1
    }
    for (let index = 0; index < groups; index += 1) this.highest[index] = -1
  },
}

export function startWork(compiled: Compiled): Work {
  const sets = compiled.zoneSets.length
  if (sets > work.ruleOfSet.length) work.ruleOfSet = new Int32Array(sets * 2)
  for (let index = 0; index < sets; index += 1) work.ruleOfSet[index] = notAsked
  return work
}
