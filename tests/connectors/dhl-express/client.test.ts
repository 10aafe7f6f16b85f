import { describe, expect, test } from 'vitest'
import { readRefusal } from '../../../connectors/dhl-express/errors.ts'
import { dhlExpress } from '../../../connectors/dhl-express/index.ts'
import { settingsSchema } from '../../../connectors/dhl-express/settings.ts'
import { connect, openDepot } from './support.ts'

const refused = (status: number, body: object | string, isRepeatable = false) =>
  readRefusal(
    { status, body: typeof body === 'string' ? body : JSON.stringify(body) },
    'POST /shipments',
    isRepeatable,
  )

describe('check', () => {
  test('says whom it reached, and changes nothing', async () => {
    const { depot, client } = await openDepot()
    await expect(dhlExpress.check(client)).resolves.toContain('123456789')
    expect(depot.calls.map(({ isWrite }) => isWrite)).toEqual([false])
  })

  test('fails for a key that DHL does not take', async () => {
    const { depot, client } = await openDepot()
    depot.expireTokens()
    await expect(dhlExpress.check(client)).rejects.toMatchObject({
      kind: 'auth',
      vendorMessage: 'Invalid Credentials',
    })
  })

  test('fails at an address where no MyDHL API is', async () => {
    const { depot, clock } = await openDepot()
    const lost = connect(depot, clock, { endpoint: `${depot.url}/elsewhere` })
    await expect(dhlExpress.check(lost)).rejects.toMatchObject({ kind: 'not_found' })
  })
})

describe('what MyDHL refuses', () => {
  test("has DHL's number and words, and each field by its path", () => {
    expect(
      refused(422, {
        detail: 'Multiple problems found, see Additional Details',
        additionalDetails: [
          '#/customerDetails/shipperDetails: required key [countryCode] not found',
          '#/content/packages/0/weight: 0 is not higher or equal to 0.001',
        ],
      }),
    ).toMatchObject({
      kind: 'rejected',
      status: 422,
      vendorCode: '422',
      issues: [
        {
          field: 'customerDetails.shipperDetails.countryCode',
          message: 'required key [countryCode] not found',
        },
        { field: 'content.packages.0.weight' },
      ],
    })
    expect(refused(400, { detail: '8003: Account not allowed for this service.' })).toMatchObject({
      vendorCode: '8003',
      issues: [{ field: null, code: '8003' }],
    })
  })

  test('in the middle of a booking may have been done; in the middle of a read it was not', () => {
    const crash = { detail: '999: Process failure occurred.' }
    expect(refused(500, crash)).toMatchObject({ kind: 'uncertain', vendorCode: '999' })
    expect(refused(500, crash, true)).toMatchObject({ kind: 'unavailable' })
  })

  test('by number of calls, or in nobody’s words, is left to the hub', () => {
    expect(refused(429, { detail: 'Too many requests' })).toBeNull()
    expect(refused(503, { detail: 'Come back' })).toBeNull()
    expect(refused(502, '<html>bad gateway</html>')).toBeNull()
    expect(refused(200, { detail: 'fine' })).toBeNull()
  })
})

describe('the settings', () => {
  const settings = { accountNumber: '123456789', currency: 'EUR' }
  test('lead to DHL’s own host in both environments', () => {
    for (const environment of ['production', 'test'])
      expect(dhlExpress.hosts(settingsSchema.parse({ ...settings, environment }))).toEqual([
        'express.api.dhl.com',
      ])
  })

  test('take no time zone and no currency that does not exist', () => {
    expect(settingsSchema.safeParse({ ...settings, timeZone: 'Europe/Berlin' }).success).toBe(true)
    expect(settingsSchema.safeParse({ ...settings, timeZone: 'Europe/Atlantis' }).success).toBe(false)
    expect(settingsSchema.safeParse({ ...settings, currency: 'XQQ' }).success).toBe(false)
  })
})
