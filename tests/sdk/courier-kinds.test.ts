import { ConnectorError, defineCourier, type QuoteAnswer } from 'entrepot/sdk'
import { type CourierSubject, courierChecks } from 'entrepot/sdk/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { brokenCourier, expectCourierCaught } from './broken-courier.ts'
import { busyCourier, busySubject } from './busy-courier.ts'
import { simpleCourier } from './simple-courier/index.ts'
import { createSimpleCourierSandbox } from './simple-courier/sandbox.ts'

const describeThemes = (subject: CourierSubject, themes: RegExp) => {
  const checks = courierChecks(subject).filter(({ theme, guarantee }) =>
    themes.test(`${theme}: ${guarantee}`),
  )
  test('has checks', () => expect(checks.length).toBeGreaterThan(0))
  for (const { theme, guarantee, run } of checks) test(`${theme}: ${guarantee}`, run)
}

const { operations } = busyCourier
const { subscribeTracking, pickup } = operations as Required<typeof operations>
const busy = (patch: Partial<typeof operations>): CourierSubject => ({
  ...busySubject,
  connector: { ...busyCourier, operations: { ...operations, ...patch } },
})

describe('a courier that is subscribed to, fetches parcels and signs its news in the body', () => {
  describeThemes(busySubject, /subscribeTracking|pickup|^webhook|each works/)

  test('is caught when a subscription loses a result', () =>
    expectCourierCaught(
      busy({ subscribeTracking: { ...subscribeTracking, run: async () => [] } }),
      'subscribeTracking: gives one result a parcel, and may be repeated without harm',
      /one result for each/,
      busySubject,
    ))

  test('is caught when a pickup is found before it ran', () =>
    expectCourierCaught(
      busy({ pickup: { ...pickup, find: async () => ({ externalId: 'PU1' }) } }),
      'pickup: is not found before it ran, and found as it ran afterwards',
      /though it never ran/,
      busySubject,
    ))

  test('is caught when a pickup that was ordered is not found', () =>
    expectCourierCaught(
      busy({ pickup: { ...pickup, find: async () => null } }),
      'pickup: a lost answer does not hide it',
      /is not found/,
      busySubject,
    ))

  test('is caught when its news verify whoever signed them', () =>
    expectCourierCaught(
      {
        ...busySubject,
        connector: { ...busyCourier, webhook: { ...busyCourier.webhook!, verify: () => true } },
      },
      'webhook: a missing, empty or odd signature does not verify',
      /No field is needed/,
      busySubject,
    ))

  test('is caught when its news are of another state', () => {
    const { webhook } = busyCourier
    const interpret: NonNullable<typeof webhook>['interpret'] = (request) => {
      const action = webhook!.interpret(request)
      return 'told' in action ? { told: action.told.map((one) => ({ ...one, events: [] })) } : action
    }
    return expectCourierCaught(
      { ...busySubject, connector: { ...busyCourier, webhook: { ...webhook!, interpret } } },
      'webhook: a delivery of the courier verifies, and names the parcel or tells its news',
      /is told to be null/,
      busySubject,
    )
  })
})

describe('a courier whose webhook proves itself by a credential', () => {
  const { webhook } = simpleCourier
  const subject: CourierSubject = {
    ...brokenCourier({
      webhook: {
        ...webhook!,
        verify: ({ headers }, { webhookSecret }) => headers.get('x-parcel-key') === webhookSecret,
      },
    }),
    webhookProof: 'header credential',
    createSandbox(options) {
      const sandbox = createSimpleCourierSandbox(options)
      const key = String(sandbox.connection('').credentials.webhookSecret)
      const sent = () =>
        sandbox.takeWebhooks().map(({ body }) => ({ headers: { 'x-parcel-key': key }, body }))
      return { ...sandbox, takeWebhooks: sent }
    },
  }
  describeThemes(subject, /^webhook/)

  test('is not asked whether a changed body verifies', () => {
    const guarantees = courierChecks(subject).map((check) => check.guarantee)
    expect(guarantees).not.toContain('a changed body does not verify')
  })
})

describe('a courier that tracks what others booked', () => {
  const { pullTracking } = simpleCourier.operations
  describeThemes(
    {
      ...brokenCourier({ operations: { pullTracking: pullTracking! }, services: () => [], labelFormats: [] }),
      trackingNumber: (n) => `1Z${1000 + n}`,
    },
    /^pullTracking|^failures|^webhook|^services|each works|calls within/,
  )
})

/** A bicycle of our own: nobody is called, the price stands in a table, the parcel keeps our reference. */
const bicycle = defineCourier({
  id: 'own-bicycle',
  name: 'Our bicycle',
  settings: z.object({ perKilogramMinor: z.int().meta({ title: 'Price of a kilogram, in cents' }) }),
  credentials: z.object({}),
  buckets: {},
  hosts: () => [],
  createClient: ({ settings }) => settings,
  check: async () => 'The bicycle stands in the yard.',
  schedule: {},
  defaults: () => ({ currency: 'EUR', locale: 'de-DE' }),
  services: () => [{ code: 'ride', name: 'A ride' }],
  labelFormats: [],
  operations: {
    async quote({ perKilogramMinor }, { parcels, services = ['ride'] }): Promise<QuoteAnswer> {
      const grams = parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0)
      const totalMinor = Math.ceil(grams / 1000) * perKilogramMinor
      const charge = { kind: 'base', code: null, label: 'Ride', amountMinor: totalMinor } as const
      const quote = { service: 'ride', serviceName: 'A ride', currency: 'EUR', totalMinor, charges: [charge] }
      const unknown = { transitDays: null, deliverBy: null, expiresAt: null, billedWeightGrams: null }
      return {
        quotes: services.includes('ride') ? [{ ...quote, ...unknown }] : [],
        notOffered: services
          .filter((service) => service !== 'ride')
          .map((service) => ({ service, reason: 'We ride only.' })),
      }
    },
    bookShipment: {
      async run(_client, { reference, service, parcels }) {
        if (service !== 'ride') throw new ConnectorError('rejected', `We have no service "${service}".`)
        const numbers = parcels.map((_, index) => `${reference}-${index + 1}`)
        const booked = numbers.map((trackingNumber) => ({ trackingNumber, documents: [] }))
        return { externalId: reference, parcels: booked, documents: [], price: null }
      },
      find: 'unsupported',
    },
  },
})

const bicycleSubject: CourierSubject = {
  connector: bicycle,
  connection: { settings: { perKilogramMinor: 120 }, credentials: {} },
  readme: new URL('./own-bicycle.md', import.meta.url),
  country: 'DE',
  hasNoLabels: true,
}

describe('a courier that calls nobody', () => {
  describeThemes(bicycleSubject, /./)

  test('is not asked what needs a network', () => {
    const themes = new Set(courierChecks(bicycleSubject).map((check) => check.theme))
    for (const theme of ['failures', 'secrets', 'buckets', 'webhook', 'pullTracking']) {
      expect(themes).not.toContain(theme)
    }
  })

  test('is caught when it declares a host', () =>
    expectCourierCaught(
      { ...bicycleSubject, connector: { ...bicycle, hosts: () => ['bicycle.example'] } },
      'hosts: a courier that calls nobody declares none',
      /needs `createSandbox`/,
      bicycleSubject,
    ))
})
