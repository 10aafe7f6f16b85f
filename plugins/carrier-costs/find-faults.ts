import { findAmbiguities } from './ambiguity.ts'
import { dateOf, dayOf } from './days.ts'
import { formatWeight } from './explain.ts'
import { type Fault, findTwins, isBackward, saysBackward, saysRange } from './fault.ts'
import { findFuelFaults, findSurchargeFaults } from './find-surcharge-faults.ts'
import type { CardService, CardVersion, ZoneRule } from './rate-card.ts'

/** Everything that the shape alone does not say: names that lead nowhere, gaps, overlaps, ambiguity. */
export function findFaults(version: CardVersion): Fault[] {
  return [
    ...findTwins(
      version.zoneSets.map((set) => set.id),
      ['zoneSets'],
      'zone set',
    ),
    ...version.zoneSets.flatMap((set, index) => [
      ...findTwins(
        set.zones.map((zone) => zone.id),
        ['zoneSets', index, 'zones'],
        'zone',
      ),
      ...findRuleFaults(set.rules, new Set(set.zones.map((zone) => zone.id)), ['zoneSets', index, 'rules']),
    ]),
    ...findTwins(
      version.services.map((service) => service.code),
      ['services'],
      'service',
    ),
    ...version.services.flatMap((service, index) => findServiceFaults(version, service, index)),
    ...findSurchargeFaults(version),
    ...version.fuelTables.flatMap((table, index) => findFuelFaults(table, ['fuelTables', index])),
  ]
}

/** What is wrong with the validity of a card's versions, oldest first. */
export function findVersionFaults(
  versions: readonly { validFrom: string; validUntil: string | null }[],
): Fault[] {
  return versions.flatMap(({ validFrom, validUntil }, index): Fault[] => {
    const path = ['versions', index, 'validFrom']
    if (validUntil !== null && validUntil < validFrom)
      return [
        {
          path,
          message: `The prices end on ${validUntil}, before they begin on ${validFrom}. Correct a date.`,
        },
      ]
    const before = versions[index - 1]
    if (before === undefined) return []
    const expected = before.validUntil === null ? null : dateOf(dayOf(before.validUntil) + 1)
    if (expected === validFrom) return []
    if (expected !== null && validFrom > expected)
      return [
        {
          path,
          message: `No prices are in force from ${expected} until the day before ${validFrom}. Close the gap.`,
        },
      ]
    return [
      {
        path,
        message: `The prices from ${validFrom} overlap those from ${before.validFrom} ${before.validUntil ? `until ${before.validUntil}` : 'on'}. Let one end where the other begins.`,
      },
    ]
  })
}

function findRuleFaults(
  rules: readonly ZoneRule[],
  zones: ReadonlySet<string>,
  path: Fault['path'],
): Fault[] {
  const faults = rules.flatMap((rule, index): Fault[] => {
    const at = [...path, index]
    const found: Fault[] = []
    if (!zones.has(rule.zone))
      found.push({
        path: [...at, 'zone'],
        message: `The zone "${rule.zone}" is not known. Name one of the zones.`,
      })
    if (rule.country === '*' && (rule.postcodes || rule.areas.length > 0))
      found.push({
        path: [...at, 'country'],
        message: 'Any other country has no postcodes or areas. Name the country.',
      })
    if (rule.postcodes && rule.areas.length > 0)
      found.push({
        path: [...at, 'areas'],
        message: 'A row goes by postcodes or by areas, not by both. Split it in two.',
      })
    for (const [key, range] of [
      ['postcodes', rule.postcodes],
      ['origin', rule.origin?.postcodes],
    ] as const)
      if (range && isBackward(range)) found.push({ path: [...at, key], message: saysBackward(range) })
    return found
  })
  if (faults.length > 0) return faults
  return findAmbiguities(rules).map(({ first, second }) => {
    const [one, other] = [rules[first]!, rules[second]!]
    const what = describe(other)
    const message =
      one.zone === other.zone && describe(one) === what
        ? `${what} stands here twice with the zone ${one.zone}. Remove one row.`
        : `${what} (zone ${other.zone}) and ${describe(one)} (zone ${one.zone}) hold for the same parcels, and neither is the more specific. Let them lie apart or one within the other.`
    return { path: [...path, second], message }
  })
}

const describe = ({ country, postcodes, areas, origin }: ZoneRule): string =>
  [
    country === '*' ? 'Any other country' : country,
    postcodes ? saysRange(postcodes) : areas.join('/'),
    origin ? `from ${origin.country}${origin.postcodes ? ` ${saysRange(origin.postcodes)}` : ''}` : '',
  ]
    .filter(Boolean)
    .join(' ')

function findServiceFaults(version: CardVersion, service: CardService, index: number): Fault[] {
  const path = ['services', index]
  const set = version.zoneSets.find((entry) => entry.id === service.zoneSet)
  if (!set)
    return [
      {
        path: [...path, 'zoneSet'],
        message: `The zone set "${service.zoneSet}" is not known. Name one that the zones have.`,
      },
    ]
  const zones = new Set(set.zones.map((zone) => zone.id))
  const unknownZones = [
    ...service.prices.map((price, at) => ({ zone: price.zone, path: [...path, 'prices', at, 'zone'] })),
    ...service.overrides.flatMap((override, at) =>
      override.prices.map(({ zone }) => ({ zone, path: [...path, 'overrides', at, 'prices'] })),
    ),
  ].filter(({ zone }) => !zones.has(zone))
  const sides = service.limits.maxSidesMm
  return [
    ...unknownZones.map(({ zone, path }) => ({
      path,
      message: `The zone "${zone}" is not known. Give it a row among the zones, or correct the name.`,
    })),
    ...findTwins(
      service.prices.map((price) => price.zone),
      [...path, 'prices'],
      'zone',
    ),
    ...service.prices.flatMap((price, at) =>
      findStepFaults(price.steps, version.partsPerGram, [...path, 'prices', at, 'steps']),
    ),
    ...(sides && (sides[0] < sides[1] || sides[1] < sides[2])
      ? [
          {
            path: [...path, 'limits', 'maxSidesMm'],
            message: 'The sides must come from the longest to the shortest. Sort them.',
          },
        ]
      : []),
  ]
}

function findStepFaults(
  steps: CardService['prices'][number]['steps'],
  partsPerGram: number,
  path: Fault['path'],
): Fault[] {
  const say = (parts: number) => formatWeight(parts, partsPerGram)
  return steps.flatMap(({ over, notOver }, index): Fault[] => {
    const at = [...path, index]
    if (notOver <= over)
      return [
        {
          path: at,
          message: `The step ends at ${say(notOver)}, not above its beginning at ${say(over)}. Correct a bound.`,
        },
      ]
    const before = index === 0 ? 0 : steps[index - 1]!.notOver
    if (over > before)
      return [
        {
          path: at,
          message: `No price holds from ${say(before)} to ${say(over)}. Close the gap between the steps.`,
        },
      ]
    if (over < before)
      return [
        {
          path: at,
          message: `The step from ${say(over)} begins below ${say(before)}, where the one before it ends. Let each step begin where the last one ends.`,
        },
      ]
    return []
  })
}
