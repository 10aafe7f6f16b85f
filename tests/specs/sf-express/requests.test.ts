import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  bookShipment,
  cancelShipment,
  findShipment,
  pullTracking,
  quote,
} from '../../../connectors/sf-express/operations.ts'
import { booking, type Desk, openDesk } from '../../connectors/sf-express/support.ts'
import { hasSamples, named, readSample, shapeOf } from './samples.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.sandbox.close())

const sentTo = (service: string) => desk.sent.find((sent) => sent.service === service)!
const messageTo = (service: string) => shapeOf(sentTo(service).message)
const fieldsOf = (shape: Map<string, string>) => [...shape.keys()].toSorted()

/** Fields of the order that SF's page describes and its sample does not show, with the types of the page. */
const described: Readonly<Record<string, string>> = {
  'cargoDetails[].currency': 'string',
  'cargoDetails[].sourceArea': 'string',
  'contactInfoList[].country': 'string',
  'contactInfoList[].postCode': 'string',
  'contactInfoList[].tel': 'string',
  'customsInfo.declaredValue': 'number',
  'customsInfo.declaredValueCurrency': 'string',
  custReferenceNo: 'string',
  isDocall: 'number',
  isGenWaybillNo: 'number',
  isReturnRoutelabel: 'number',
  isUnifiedWaybillNo: 'number',
  totalHeight: 'number',
  totalLength: 'number',
  totalWidth: 'number',
}
/** What the sample shows and we do not know: the district has no field of its own in the model. */
const unknownToUs = ['cargoDetails[].volume', 'contactInfoList[].county']

describe.skipIf(!hasSamples)(named('requests have the shape of the samples (sample only)'), () => {
  test('EXP_RECE_CREATE_ORDER: each field is of the sample or the page, with its JSON type', async () => {
    await bookShipment(desk.client, booking())
    const ours = messageTo('EXP_RECE_CREATE_ORDER')
    const theirs = shapeOf(readSample('01.order.json'))
    for (const [field, type] of ours)
      expect([field, type]).toEqual([field, theirs.get(field) ?? described[field]])
    expect(fieldsOf(theirs).filter((field) => !ours.has(field))).toEqual(unknownToUs)
  })

  test('EXP_RECE_SEARCH_ORDER_RESP: field by field', async () => {
    await findShipment(desk.client, booking())
    expect(messageTo('EXP_RECE_SEARCH_ORDER_RESP')).toEqual(shapeOf(readSample('02.order.query.json')))
    const { searchType, language } = readSample('02.order.query.json')
    expect(sentTo('EXP_RECE_SEARCH_ORDER_RESP').message).toMatchObject({ searchType, language })
  })

  test('EXP_RECE_UPDATE_ORDER: field by field, dealType 2', async () => {
    await bookShipment(desk.client, booking())
    await cancelShipment(desk.client, {
      externalId: '',
      trackingNumbers: [],
      reference: booking().reference,
    })
    const { dealType } = readSample('03.order.confirm.json')
    expect(messageTo('EXP_RECE_UPDATE_ORDER')).toEqual(shapeOf(readSample('03.order.confirm.json')))
    expect(sentTo('EXP_RECE_UPDATE_ORDER').message.dealType).toBe(dealType)
  })

  test('EXP_RECE_SEARCH_ROUTES: field by field, and the phone only where it is known', async () => {
    const ref = { trackingNumber: 'SF7444407228423', carrier: null, recipientPostcode: null }
    await pullTracking(desk.client, [{ ...ref, recipientPhone: null }])
    expect(sentTo('EXP_RECE_SEARCH_ROUTES').message).toEqual(readSample('05.route_query_by_MailNo.json'))
    desk.sent.length = 0
    await pullTracking(desk.client, [{ ...ref, recipientPhone: '13800138000' }])
    expect(sentTo('EXP_RECE_SEARCH_ROUTES').message).toEqual({
      ...readSample('05.route_query_by_MailNo.json'),
      checkPhoneNo: '8000',
    })
  })
})

test('every call is one signed form to one address (as the page on common parameters says)', async () => {
  await bookShipment(desk.client, booking())
  for (const { form } of desk.sent)
    expect(Object.keys(form).toSorted()).toEqual([
      'msgData',
      'msgDigest',
      'partnerID',
      'requestID',
      'serviceCode',
      'timestamp',
    ])
  const ids = desk.sent.map(({ form }) => form.requestID)
  expect(new Set(ids).size).toBe(ids.length)
  const posts = desk.sandbox.calls.filter(({ method }) => method === 'POST')
  expect(new Set(posts.map(({ path }) => path))).toEqual(new Set(['/std/service']))
})

/** No sample of these two was published; the fields are those of SF's pages about them. */
test('EXP_RECE_QUERY_DELIVERTM and COM_RECE_CLOUD_PRINT_WAYBILLS send described fields (page only)', async () => {
  const place = { country: 'CN', postcode: null, region: '广东省', city: '深圳市', isResidential: null }
  await quote(desk.client, {
    from: place,
    to: place,
    parcels: booking().parcels,
    shipAt: new Date('2026-03-03T04:00:00Z'),
    declaredValue: null,
  })
  expect(Object.fromEntries(messageTo('EXP_RECE_QUERY_DELIVERTM'))).toEqual({
    businessType: 'string',
    weight: 'number',
    volume: 'number',
    consignedTime: 'string',
    searchPrice: 'string',
    'destAddress.province': 'string',
    'destAddress.city': 'string',
    'srcAddress.province': 'string',
    'srcAddress.city': 'string',
    monthlyCard: 'string',
  })
  await bookShipment(desk.client, booking(2))
  expect(Object.fromEntries(messageTo('COM_RECE_CLOUD_PRINT_WAYBILLS'))).toEqual({
    templateCode: 'string',
    version: 'string',
    fileType: 'string',
    sync: 'boolean',
    'documents[].masterWaybillNo': 'string',
    'documents[].branchWaybillNo': 'string',
    'documents[].seq': 'string',
    'documents[].sum': 'string',
  })
})
