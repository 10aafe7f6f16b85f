import { dateOf, dayOf } from './days.ts'
import { type Fault, findTwins, isBackward, saysBackward } from './fault.ts'
import type { CardVersion } from './rate-card.ts'

/** What is wrong with the surcharges: names that lead nowhere, orders that contradict, mixed groups. */
export function findSurchargeFaults({ surcharges, services, fuelTables }: CardVersion): Fault[] {
  const codes = new Map(surcharges.map((surcharge) => [surcharge.code, surcharge]))
  const known = new Set(services.map((service) => service.code))
  const faults = surcharges.flatMap((surcharge, index): Fault[] => {
    const { rate, when, order, group } = surcharge
    const path = ['surcharges', index]
    const found: Fault[] = []
    const say = (key: string, message: string) => found.push({ path: [...path, key], message })
    for (const code of when.services ?? [])
      if (!known.has(code)) say('services', `The service "${code}" is not known. Correct the name.`)
    for (const range of when.postcodes ?? []) if (isBackward(range)) say('postcodes', saysBackward(range))
    if (surcharge.validFrom && surcharge.validUntil && surcharge.validUntil < surcharge.validFrom)
      say('validUntil', `It ends on ${surcharge.validUntil}, before it begins. Correct a date.`)
    if (rate.kind === 'fuel' && !fuelTables.some((table) => table.id === rate.table))
      say('rate', `The fuel table "${rate.table}" is not known. Add its weeks or correct the name.`)
    for (const code of 'plus' in rate ? rate.plus : []) {
      const other = codes.get(code)
      if (!other) say('plus', `The surcharge "${code}" is not known. Correct the name.`)
      else if (
        surcharges.some((rival) => (rival === other || isOfGroup(rival, other.group)) && rival.order >= order)
      )
        say(
          'plus',
          `A percentage of "${code}" must have a higher order than it and the rest of its group. Raise the order.`,
        )
    }
    const mixed = surcharges.find(
      (other) => isOfGroup(other, group) && isDiscount(other) !== isDiscount(surcharge),
    )
    if (mixed) say('group', `The group "${group}" holds discounts and others. Take them apart.`)
    return found
  })
  return [
    ...findTwins(
      surcharges.map((surcharge) => surcharge.code),
      ['surcharges'],
      'surcharge',
    ),
    ...faults,
  ]
}

const isOfGroup = (surcharge: CardVersion['surcharges'][number], group: string | null) =>
  group !== null && surcharge.group === group
const isDiscount = (surcharge: CardVersion['surcharges'][number]) => surcharge.kind === 'discount'

/** What is wrong with a fuel table: weeks that overlap or are missing. */
export function findFuelFaults(
  { id, rows }: CardVersion['fuelTables'][number],
  path: Fault['path'],
): Fault[] {
  const sorted = [...rows.entries()].toSorted(([, a], [, b]) => dayOf(a.from) - dayOf(b.from))
  return sorted.flatMap(([index, { from, until }], position): Fault[] => {
    const at = [...path, 'rows', index]
    if (until < from)
      return [{ path: at, message: `The week ends on ${until}, before it begins. Correct a date.` }]
    if (position === 0) return []
    const next = dateOf(dayOf(sorted[position - 1]![1].until) + 1)
    if (from < next)
      return [{ path: at, message: `The week from ${from} overlaps the one before it. Correct a date.` }]
    if (from > next)
      return [
        {
          path: at,
          message: `The fuel table "${id}" has no percentage from ${next} on until ${from}. Add the missing weeks.`,
        },
      ]
    return []
  })
}
