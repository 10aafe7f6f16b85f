import { afterEach, describe, expect, test } from 'vitest'
import {
  bookShipment,
  cancelShipment,
  check,
  findShipment,
} from '../../../connectors/sf-express/operations.ts'
import { booking, type Desk, failureOf, gateway, type Instead, openDesk, refusal } from './support.ts'

let desk: Desk
afterEach(() => desk.sandbox.close())
const open = async (instead?: Instead, settings: object = {}) => {
  desk = await openDesk({ ...(instead ? { instead } : {}), settings })
  return desk
}
const only =
  (service: string, answer: object): Instead =>
  (sent) =>
    sent.service === service ? answer : undefined
const cancellation = { externalId: '', trackingNumbers: [], reference: booking().reference }

describe('a booking', () => {
  test('gives each parcel its own waybill and label, and is found as it was booked', async () => {
    const { client, sandbox } = await open()
    const booked = await bookShipment(client, booking(3))
    expect(new Set(booked.parcels.map(({ trackingNumber }) => trackingNumber)).size).toBe(3)
    expect(booked.externalId).toBe(booked.parcels[0]!.trackingNumber)
    for (const { documents } of booked.parcels) {
      expect(documents).toHaveLength(1)
      expect(Buffer.from(documents[0]!.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
    }
    expect(await findShipment(client, booking(3))).toEqual(booked)
    expect(sandbox.shipments()).toMatchObject([{ reference: booking().reference, service: '2' }])
  })

  test('is not doubled when it is sent again: 8016 is what was booked before', async () => {
    const { client, sandbox } = await open()
    const first = await bookShipment(client, booking())
    expect(await bookShipment(client, booking())).toEqual(first)
    expect(sandbox.shipments()).toHaveLength(1)
  })

  test('whose answer is lost is uncertain, and looking finds it', async () => {
    const { client, sandbox } = await open()
    expect(await findShipment(client, booking())).toBeNull()
    sandbox.faults.add({ kind: 'lost_answer' })
    expect((await failureOf(bookShipment(client, booking()))).kind).toBe('uncertain')
    expect((await findShipment(client, booking()))?.parcels).toHaveLength(1)
  })

  test('that SF took and will not carry is refused, and is no booking', async () => {
    const declined = gateway({
      success: true,
      errorCode: 'S0000',
      errorMsg: null,
      msgData: { orderId: booking().reference, filterResult: 3, remark: '1', waybillNoInfoList: null },
    })
    const { client } = await open((sent) => (sent.service.includes('ORDER') ? declined : undefined))
    expect((await failureOf(bookShipment(client, booking()))).kind).toBe('rejected')
    expect(await findShipment(client, booking())).toBeNull()
  })

  test('stays booked when its label is refused: uncertain, never rejected', async () => {
    const { client, sandbox } = await open(undefined, { templateCode: 'fm_150_standard_SOMEBODY' })
    const failure = await failureOf(bookShipment(client, booking()))
    expect(failure.kind).toBe('uncertain')
    expect(failure.message).toContain('label template')
    expect(sandbox.shipments()).toHaveLength(1)
  })

  test('whose label cannot be fetched yet is tried again, and the connection is not blamed', async () => {
    const { client, sandbox } = await open()
    sandbox.faults.add({ kind: 'status', status: 401, when: ({ path }) => path.startsWith('/print-file') })
    expect((await failureOf(bookShipment(client, booking()))).kind).toBe('unavailable')
    expect((await bookShipment(client, booking())).parcels[0]!.documents).toHaveLength(1)
    expect(sandbox.shipments()).toHaveLength(1)
  })

  test('to a country that the interface does not serve is refused without a call', async () => {
    const { client, sent } = await open()
    const abroad = booking(1, { to: { ...booking().to, country: 'US' } })
    expect((await failureOf(bookShipment(client, abroad))).kind).toBe('rejected')
    expect(sent).toHaveLength(0)
  })

  test('with another number of waybills than parcels is nothing to print', async () => {
    const one = { orderId: 'x', filterResult: 2, waybillNoInfoList: [{ waybillType: 1, waybillNo: 'SF1' }] }
    const { client } = await open(
      only('EXP_RECE_CREATE_ORDER', gateway({ success: true, errorCode: 'S0000', msgData: one })),
    )
    expect((await failureOf(bookShipment(client, booking(2)))).kind).toBe('unexpected')
  })

  test('prints more than twenty labels in several jobs', async () => {
    const { client, sent } = await open()
    const booked = await bookShipment(client, booking(23))
    expect(booked.parcels.every(({ documents }) => documents.length === 1)).toBe(true)
    const jobs = sent.filter(({ service }) => service === 'COM_RECE_CLOUD_PRINT_WAYBILLS')
    expect(jobs.map(({ message }) => (message.documents as unknown[]).length)).toEqual([20, 3])
  })
})

describe('a cancellation', () => {
  test('takes the shipment back, and again without harm', async () => {
    const { client, sandbox } = await open()
    await bookShipment(client, booking())
    expect(await cancelShipment(client, cancellation)).toBe(true)
    expect(await cancelShipment(client, cancellation)).toBe(true)
    expect(sandbox.shipments()[0]!.isCancelled).toBe(true)
  })

  test('of a parcel that SF has is refused', async () => {
    const { client, sandbox } = await open()
    const { externalId } = await bookShipment(client, booking())
    sandbox.scan(externalId, 'collected')
    expect((await failureOf(cancelShipment(client, cancellation))).kind).toBe('rejected')
    expect(sandbox.shipments()[0]!.isCancelled).toBe(false)
  })

  test('of an order that SF does not have is not found, and one of another waybill is refused', async () => {
    const { client } = await open()
    expect((await failureOf(cancelShipment(client, cancellation))).kind).toBe('not_found')
    await desk.sandbox.close()
    const mismatch = { orderId: 'x', resStatus: 1 }
    const other = await open(
      only('EXP_RECE_UPDATE_ORDER', gateway({ success: true, errorCode: 'S0000', msgData: mismatch })),
    )
    expect((await failureOf(cancelShipment(other.client, cancellation))).kind).toBe('rejected')
  })
})

describe('each failure has its word', () => {
  const create = 'EXP_RECE_CREATE_ORDER'
  test.each([
    ['A1001', 'rejected', 'rejected'],
    ['A1003', 'auth', 'auth'],
    ['A1004', 'auth', 'auth'],
    ['A1005', 'rate_limited', 'rate_limited'],
    ['A1006', 'auth', 'auth'],
    ['A1009', 'uncertain', 'unavailable'],
    ['A1099', 'uncertain', 'unavailable'],
    ['A4711', 'uncertain', 'unexpected'],
  ])('gateway %s is %s of a booking and %s of a question', async (code, written, read) => {
    const { client } = await open(() => gateway('', code))
    expect(await failureOf(bookShipment(client, booking()))).toMatchObject({
      kind: written,
      vendorCode: code,
    })
    expect(await failureOf(check(client))).toMatchObject({ kind: read, vendorCode: code })
  })

  test.each([
    ['1016', 'rejected', 'receiver mobile'],
    ['8119', 'rejected', 'monthlyCard'],
    ['20036', 'rejected', 'expressTypeId'],
    ['S0003', 'uncertain', undefined],
    ['4711', 'rejected', undefined],
  ])('inside an accepted call, %s of a booking is %s about %s', async (code, kind, field) => {
    const { client } = await open(only(create, refusal(code)))
    const failure = await failureOf(bookShipment(client, booking()))
    expect(failure).toMatchObject({ kind, vendorCode: code, vendorMessage: '拒绝' })
    expect(failure.issues[0]?.field).toBe(field)
  })

  test('a result that is no JSON is uncertain of a booking, and the checkword is in no message', async () => {
    const { client } = await open(only(create, gateway('<html>')))
    expect((await failureOf(bookShipment(client, booking()))).kind).toBe('uncertain')
    await desk.sandbox.close()
    const { checkword } = desk.sandbox.connection('').credentials
    const echo = { ...gateway('', 'A1006'), apiErrorMsg: `not ${checkword}` }
    const other = await open(() => echo)
    expect((await failureOf(check(other.client))).message).not.toContain(checkword)
  })

  test('check says whom it reached, and that a wrong checkword is not accepted', async () => {
    const { client } = await open()
    expect(await check(client)).toContain('SANDBOX01')
    await desk.sandbox.close()
    const other = await open(undefined, { partnerId: 'SOMEBODY' })
    expect((await failureOf(check(other.client))).kind).toBe('auth')
  })
})
