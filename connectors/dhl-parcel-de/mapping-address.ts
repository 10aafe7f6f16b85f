import type { Address, FieldIssue } from 'entrepot/sdk'
import { alpha3ByAlpha2 } from './countries.ts'
import { complaint } from './refusal.ts'
import type { DhlSettings } from './settings.ts'

export type ContactAddress = {
  name1: string
  name2?: string | undefined
  name3?: string | undefined
  addressStreet: string
  additionalAddressInformation1?: string | undefined
  additionalAddressInformation2?: string | undefined
  postalCode?: string | undefined
  city: string
  state?: string | undefined
  country: string
  email?: string | undefined
  phone?: string | undefined
}

/** The most characters DHL takes. What is longer is refused here, never cut. */
const limits: Readonly<Partial<Record<keyof ContactAddress, number>>> = {
  name1: 50,
  name2: 50,
  name3: 50,
  addressStreet: 50,
  additionalAddressInformation1: 60,
  additionalAddressInformation2: 60,
  postalCode: 10,
  city: 40,
  state: 20,
  email: 80,
  phone: 20,
}

/** The post number of a Packstation's user; shops put it into the company, or into a line of its own. */
const isPostNumber = (line: string): boolean => /^\d{6,10}$/.test(line.trim())
const isOutlet = (line: string): boolean => /^(packstation|postfiliale|paketshop)\b/i.test(line.trim())

/**
 * Names and lines in DHL's places. Within Germany DHL prints no additional address information, so further
 * lines go under the name. A Packstation is written as DHL has it: the post number as second name.
 */
function placed(address: Address, hasExtraLines: boolean) {
  const lines = address.addressLines.map((line) => line.trim()).filter(Boolean)
  const street = lines.find(isOutlet) ?? lines[0] ?? ''
  const company = address.company?.trim() || null
  const isCompany = company !== null && !isPostNumber(company)
  const names = [isCompany ? company : null, address.name.trim(), isCompany ? null : company]
  const further = lines.filter((line) => line !== street)
  return {
    street,
    names: [...names, ...(hasExtraLines ? [] : further)].filter(
      (line, index, all): line is string => Boolean(line) && all.indexOf(line) === index,
    ),
    extra: hasExtraLines ? further : [],
  }
}

function toContact(address: Address, hasExtraLines: boolean, field: string) {
  const { street, names, extra } = placed(address, hasExtraLines)
  const contact: ContactAddress = {
    name1: names[0] ?? '',
    name2: names[1],
    name3: names[2],
    addressStreet: street,
    additionalAddressInformation1: extra[0],
    additionalAddressInformation2: extra[1],
    postalCode: address.postcode?.trim() || undefined,
    city: address.city?.trim() ?? '',
    country: alpha3ByAlpha2.get(address.country.toUpperCase()) ?? '',
  }
  const issues: FieldIssue[] = []
  if (names.length > 3 || extra.length > 2)
    issues.push(complaint(field, 'has more lines than DHL prints; shorten the address.'))
  if (contact.country === '')
    issues.push(complaint(`${field}.country`, `"${address.country}" is no country DHL knows.`))
  for (const name of ['name1', 'addressStreet', 'city'] as const)
    if (contact[name] === '') issues.push(complaint(`${field}.${name}`, 'is missing.'))
  return { contact, issues }
}

const tooLong = (contact: ContactAddress, field: string): FieldIssue[] =>
  Object.entries(limits).flatMap(([name, most]) => {
    const length = contact[name as keyof ContactAddress]?.length ?? 0
    return length > most
      ? [complaint(`${field}.${name}`, `has ${length} characters; DHL takes ${most}.`)]
      : []
  })

export function toShipper(from: Address): { contact: ContactAddress; issues: FieldIssue[] } {
  const { contact, issues } = toContact(from, false, 'shipper')
  contact.email = from.email ?? undefined
  return { contact, issues: [...issues, ...tooLong(contact, 'shipper')] }
}

export function toConsignee(
  to: Address,
  settings: DhlSettings,
): { contact: ContactAddress; issues: FieldIssue[] } {
  const isGerman = to.country.toUpperCase() === 'DE'
  const { contact, issues } = toContact(to, !isGerman, 'consignee')
  if (!isGerman && to.region) contact.state = stateOf(contact.country, to.region.trim())
  if (settings.isContactShared) {
    contact.email = to.email ?? undefined
    if (!isGerman) contact.phone = to.phone ?? undefined
  }
  return { contact, issues: [...issues, ...tooLong(contact, 'consignee')] }
}

/** For the USA DHL wants the ISO code, US-CA. */
const stateOf = (country: string, region: string): string =>
  country === 'USA' && /^[A-Z]{2}$/i.test(region) ? `US-${region.toUpperCase()}` : region
