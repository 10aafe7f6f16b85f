import { type Conditions, compileCondition } from './conditions.ts'
import { createCalendar, dayOf } from './days.ts'
import type { CardService, CardStep, CardSurcharge, CardVersion, RateCard, StepPrice } from './rate-card.ts'
import { reduce } from './ratio.ts'
import { type CompiledZones, compileZones } from './zones.ts'

/** Kinds of step prices as the table of steps holds them. */
export const stepKinds = {
  amount: 0,
  additional: 1,
  perWeight: 2,
  flat: 3,
  perPiece: 4,
} as const satisfies Record<StepPrice['kind'], number>

/** Steps of a service, zone after zone. Every column holds integers; 64 bits because 32 are too few for parts. */
type Steps = {
  over: Float64Array
  notOver: Float64Array
  kind: Uint8Array
  amountMinor: Float64Array
  /** `additionalMinor` or `rateMinor`. */
  moreMinor: Float64Array
  unit: Float64Array
}

/** Volume to weight: `volume * a / b` units, each of `unit` parts of a gram. */
type Dimensional = {
  sideUnit: 'mm' | 'cm' | 'in'
  overVolumeMm3: number
  a: number
  b: number
  unit: number
}

export type CompiledSurcharge = {
  definition: CardSurcharge
  when: Conditions
  fromDay: number
  untilDay: number
  /** Index of its group, or -1. */
  group: number
  /** Positions, in the service's list, of the surcharges that its percentage is of too. */
  plus: readonly number[]
  fuel: CompiledFuel | null
}

export type CompiledFuel = {
  id: string
  fromDays: Int32Array
  untilDays: Int32Array
  basisPoints: Int32Array
}

export type CompiledOverride = {
  id: string
  label: string
  when: Conditions
  /** By zone; -1 where it has no price. */
  amountMinor: Float64Array
}

export type CompiledService = {
  definition: CardService
  /** Index of its zone set. */
  zoneSet: number
  isByShipment: boolean
  /** First step and the one after the last, by zone; the first is -1 where the zone has no price. */
  firstStep: Int32Array
  endStep: Int32Array
  maxWeight: Float64Array
  steps: Steps
  /** The same steps as the card has them, for explanations. */
  stepDefinitions: readonly CardStep[]
  dimensional: Dimensional | null
  limits: { lengthMm: number; lengthPlusGirthMm: number; sidesMm: readonly [number, number, number] }
  hasSizeLimits: boolean
  /** Whether a price depends on the size, or on whether the place is a home. */
  needsSize: boolean
  needsResidential: boolean
  overrides: readonly CompiledOverride[]
  surcharges: readonly CompiledSurcharge[]
  groupCount: number
}

/** A version of a card made ready to price. It is read only and may be kept for as long as the card stands. */
export type Compiled = {
  card: Omit<RateCard, 'versions'>
  version: CardVersion
  partsPerGram: number
  dayOf(instant: Date): number
  fromDay: number
  untilDay: number
  zoneSets: readonly CompiledZones[]
  services: readonly CompiledService[]
  serviceIndex: ReadonlyMap<string, number>
}

/** Makes a version ready to price. It must be sound: `findFaults` finds nothing in it. */
export function compileCard(card: Omit<RateCard, 'versions'>, version: CardVersion): Compiled {
  const fuel = new Map(version.fuelTables.map((table) => [table.id, compileFuel(table)]))
  const zoneSets = version.zoneSets.map(compileZones)
  return {
    card,
    version,
    partsPerGram: version.partsPerGram,
    dayOf: createCalendar(card.timeZone),
    fromDay: dayOf(version.validFrom),
    untilDay: lastDay(version.validUntil),
    zoneSets,
    services: version.services.map((service) => compileService(version, service, zoneSets, fuel)),
    serviceIndex: new Map(version.services.map((service, index) => [service.code, index])),
  }
}

const lastDay = (date: string | null): number => (date === null ? Number.MAX_SAFE_INTEGER : dayOf(date))

function compileService(
  version: CardVersion,
  service: CardService,
  zoneSets: readonly CompiledZones[],
  fuel: ReadonlyMap<string, CompiledFuel>,
): CompiledService {
  const zoneSet = zoneSets.findIndex((set) => set.id === service.zoneSet)
  const zoneIndex = new Map(zoneSets[zoneSet]!.zones.map((zone, index) => [zone.id, index]))
  const firstStep = new Int32Array(zoneIndex.size).fill(-1)
  const endStep = new Int32Array(zoneIndex.size)
  const maxWeight = new Float64Array(zoneIndex.size)
  const stepDefinitions = service.prices.flatMap((price) => price.steps)
  let count = 0
  for (const price of service.prices) {
    const zone = zoneIndex.get(price.zone)!
    firstStep[zone] = count
    count += price.steps.length
    endStep[zone] = count
    maxWeight[zone] = Math.min(service.limits.maxWeight, price.maxWeight ?? service.limits.maxWeight)
  }
  const { maxLengthMm, maxLengthPlusGirthMm, maxSidesMm } = service.limits
  const none = Number.MAX_SAFE_INTEGER
  const hasSizeLimits = maxLengthMm !== null || maxLengthPlusGirthMm !== null || maxSidesMm !== null
  const overrides = service.overrides.map(({ id, label, when, prices }) => {
    const amountMinor = new Float64Array(zoneIndex.size).fill(-1)
    for (const price of prices) amountMinor[zoneIndex.get(price.zone)!] = price.amountMinor
    return { id, label, when: compileCondition(when), amountMinor }
  })
  const surcharges = compileSurcharges(version.surcharges, service.code, fuel)
  const conditions = [...overrides, ...surcharges.surcharges].map((entry) => entry.when)
  return {
    definition: service,
    zoneSet,
    isByShipment: service.basis === 'shipment',
    firstStep,
    endStep,
    maxWeight,
    steps: compileSteps(stepDefinitions),
    stepDefinitions,
    dimensional: compileDimensional(service, version.partsPerGram),
    limits: {
      lengthMm: maxLengthMm ?? none,
      lengthPlusGirthMm: maxLengthPlusGirthMm ?? none,
      sidesMm: maxSidesMm ?? [none, none, none],
    },
    hasSizeLimits,
    needsSize: hasSizeLimits || service.dimensional !== null || conditions.some((when) => when.isOfSize),
    needsResidential: conditions.some((when) => when.isResidential !== null),
    overrides,
    ...surcharges,
  }
}

function compileSteps(steps: readonly CardStep[]): Steps {
  const column = (read: (step: CardStep) => number) => Float64Array.from(steps, read)
  return {
    over: column((step) => step.over),
    notOver: column((step) => step.notOver),
    kind: Uint8Array.from(steps, (step) => stepKinds[step.price.kind]),
    amountMinor: column((step) => step.price.amountMinor),
    moreMinor: column(({ price }) => {
      if (price.kind === 'additional') return price.additionalMinor
      return price.kind === 'perWeight' ? price.rateMinor : 0
    }),
    unit: column(({ price }) => ('unit' in price ? price.unit : 1)),
  }
}

/**
 * The exact ratio between a volume and units of weight. 1 in is 25.4 mm, so 1 in3 is 16 387.064 mm3; 1 lb is
 * 453.59237 g. Sides count in `sideUnit`, so the volume counts in its cube.
 * @see https://www.nist.gov/pml/special-publication-811
 */
function compileDimensional(service: CardService, partsPerGram: number): Dimensional | null {
  if (service.dimensional === null) return null
  const { unit, divisor, roundSidesUpTo, overVolumeMm3 } = service.dimensional
  const unitParts = service.basis === 'parcel' ? service.weightUnit : 1
  const sideUnit = roundSidesUpTo ?? 'mm'
  // A thousandth of a cubic millimetre is whole in all three.
  const microVolume = { mm: 1000n, cm: 1_000_000n, in: 16_387_064n }[sideUnit]
  // Hundred-thousandths of a gram for each thousandth of a cubic millimetre, before the divisor.
  const [over, under] = unit === 'cm3/kg' ? [100_000n, 1000n] : [45_359_237n, 16_387_064n]
  return {
    sideUnit,
    overVolumeMm3: overVolumeMm3 ?? -1,
    unit: unitParts,
    ...reduce(
      microVolume * over * BigInt(divisor.denominator) * BigInt(partsPerGram),
      under * BigInt(divisor.numerator) * 100_000n * BigInt(unitParts),
    ),
  }
}

function compileSurcharges(
  all: readonly CardSurcharge[],
  code: string,
  fuel: ReadonlyMap<string, CompiledFuel>,
): Pick<CompiledService, 'surcharges' | 'groupCount'> {
  const own = all
    .filter(({ when }) => when.services === undefined || when.services.includes(code))
    .toSorted((a, b) => a.order - b.order)
  const position = new Map(own.map((surcharge, index) => [surcharge.code, index]))
  const groups = [...new Set(own.map((surcharge) => surcharge.group).filter((group) => group !== null))]
  const surcharges = own.map((definition): CompiledSurcharge => {
    const { rate } = definition
    const plus = 'plus' in rate ? rate.plus : []
    return {
      definition,
      when: compileCondition(definition.when),
      fromDay: definition.validFrom === null ? 0 : dayOf(definition.validFrom),
      untilDay: lastDay(definition.validUntil),
      group: definition.group === null ? -1 : groups.indexOf(definition.group),
      // One that this service does not have adds nothing.
      plus: plus.flatMap((other) => position.get(other) ?? []),
      fuel: rate.kind === 'fuel' ? fuel.get(rate.table)! : null,
    }
  })
  return { surcharges, groupCount: groups.length }
}

function compileFuel({ id, rows }: CardVersion['fuelTables'][number]): CompiledFuel {
  const sorted = rows.toSorted((a, b) => dayOf(a.from) - dayOf(b.from))
  return {
    id,
    fromDays: Int32Array.from(sorted, (row) => dayOf(row.from)),
    untilDays: Int32Array.from(sorted, (row) => dayOf(row.until)),
    basisPoints: Int32Array.from(sorted, (row) => row.basisPoints),
  }
}
