import { describe, expect, test } from 'vitest'
import { alpha3ByAlpha2 } from '../../../connectors/dhl-parcel-de/countries.ts'
import { toConsignee, toShipper } from '../../../connectors/dhl-parcel-de/mapping-address.ts'
import { settingsSchema } from '../../../connectors/dhl-parcel-de/settings.ts'
import { buyer, buyerAbroad, shop } from './support.ts'

const settings = settingsSchema.parse({})
const sharing = settingsSchema.parse({ isContactShared: true })
const consignee = (to: typeof buyer, given = settings) => {
  const { contact, issues } = toConsignee(to, given)
  expect(issues).toEqual([])
  return JSON.parse(JSON.stringify(contact))
}

describe('a recipient', () => {
  test('in Germany has further lines under the name, where DHL prints them', () => {
    expect(consignee({ ...buyer, company: 'Becher & Co' })).toEqual({
      name1: 'Becher & Co',
      name2: 'Jürgen Käufer',
      name3: 'Hinterhaus',
      addressStreet: 'Kurt-Schumacher-Str. 20',
      postalCode: '53113',
      city: 'Bonn',
      country: 'DEU',
    })
  })

  test('abroad has them as additional address information', () => {
    expect(consignee(buyerAbroad)).toEqual({
      name1: 'Grace Buyer',
      addressStreet: '10 Downing Street',
      additionalAddressInformation1: '2nd floor',
      postalCode: 'SW1A 1AA',
      city: 'London',
      country: 'GBR',
    })
  })

  test.each([
    [{ addressLines: ['Packstation 105', '12345678'] }],
    [{ addressLines: ['12345678', 'Packstation 105'] }],
    [{ company: '12345678', addressLines: ['Packstation 105'] }],
  ])('at a Packstation is written as DHL has it: %j', (changes) => {
    expect(consignee({ ...buyer, ...changes })).toMatchObject({
      name1: 'Jürgen Käufer',
      name2: '12345678',
      addressStreet: 'Packstation 105',
    })
  })

  test('is reached by mail and phone only with consent, and by phone only abroad', () => {
    expect(consignee(buyer)).not.toHaveProperty('email')
    expect(consignee(buyer, sharing)).toMatchObject({ email: buyer.email })
    expect(consignee(buyer, sharing)).not.toHaveProperty('phone')
    expect(consignee(buyerAbroad)).not.toHaveProperty('phone')
    expect(consignee(buyerAbroad, sharing)).toMatchObject({ email: buyer.email, phone: buyer.phone })
  })

  test('in the USA has the state by its ISO code', () => {
    expect(consignee({ ...buyerAbroad, country: 'US', region: 'CA' })).toMatchObject({ state: 'US-CA' })
    expect(consignee({ ...buyerAbroad, country: 'ES', region: 'Madrid' })).toMatchObject({ state: 'Madrid' })
  })

  test('is complained of without repeating who it is', () => {
    const { issues } = toConsignee({ ...buyer, name: `Secret ${'x'.repeat(60)}` }, settings)
    expect(issues).toMatchObject([{ field: 'consignee.name1', message: 'has 67 characters; DHL takes 50.' }])
  })
})

test('a sender is the firm, with the person under it', () => {
  expect(toShipper(shop).contact).toMatchObject({
    name1: 'Nordwind Becher GmbH',
    name2: 'Ada Sender',
    country: 'DEU',
  })
})

test('countries are known once each, by codes that exist', () => {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  for (const alpha2 of alpha3ByAlpha2.keys()) expect(names.of(alpha2), alpha2).not.toBe(alpha2)
  expect(new Set(alpha3ByAlpha2.values()).size).toBe(alpha3ByAlpha2.size)
  expect(['AT', 'CH', 'SE', 'SV', 'SK', 'SI'].map((code) => alpha3ByAlpha2.get(code))).toEqual([
    'AUT',
    'CHE',
    'SWE',
    'SLV',
    'SVK',
    'SVN',
  ])
})
