import type { Party } from '../sdk/model/order.ts'

/** A name as its first letters: enough to tell two apart, too little to find anyone. */
const initials = (name: string | null): string | null =>
  name === null
    ? null
    : name
        .split(/\s+/)
        .filter((word) => word !== '')
        .map((word) => `${[...word][0]}.`)
        .join(' ')

/** A person as those see one who need not reach them: initials, city, region and country. */
export function maskParty(party: Party | null): Party | null {
  if (party?.kind !== 'clear') return party === null ? null : { kind: 'handle', handle: '…' }
  return {
    kind: 'clear',
    name: initials(party.name)!,
    company: initials(party.company),
    email: null,
    phone: null,
    addressLines: [],
    city: party.city,
    region: party.region,
    postcode: null,
    country: party.country,
  }
}
