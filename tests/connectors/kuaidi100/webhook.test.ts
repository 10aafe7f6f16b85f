import type { WebhookRequest } from 'entrepot/sdk'
import { afterEach, expect, test } from 'vitest'
import { kuaidi100 } from '../../../connectors/kuaidi100/index.ts'
import { signPush } from '../../../connectors/kuaidi100/signature.ts'
import { type Desk, failureOf, openDesk, ref } from './support.ts'

const number = 'YT0000000000001'
const webhook = kuaidi100.webhook!
const subscribe = (...refs: Parameters<typeof ref>[0][]) =>
  kuaidi100.operations.subscribeTracking!.run(
    desk.client,
    refs.map((each) => ref(each)),
  )

let desk: Desk
afterEach(() => desk.sandbox.close())

const request = (body: string): WebhookRequest => ({ headers: new Headers(), rawBody: Buffer.from(body) })
const credentials = () => kuaidi100.credentials.parse(desk.sandbox.connection('').credentials)
const verifies = (body: string, salt = credentials().salt) =>
  webhook.verify(request(body), { ...credentials(), salt }, kuaidi100.settings.parse({}))

async function delivered(): Promise<string> {
  desk = await openDesk()
  desk.sandbox.announce(number)
  expect(await subscribe(number)).toEqual([{ ok: true }])
  desk.clock.advance(3_600_000)
  desk.sandbox.scan(number, 'out_for_delivery')
  const [push] = desk.sandbox.takeWebhooks()
  return push!.body
}

test('a push of a subscribed parcel verifies, and carries the news itself', async () => {
  const body = await delivered()
  expect(verifies(body)).toBe(true)
  expect(webhook.interpret(request(body))).toMatchObject({
    told: [
      {
        trackingNumber: number,
        events: [{ state: 'out_for_delivery', at: new Date('2026-03-02T10:00:00Z') }, { state: 'announced' }],
      },
    ],
  })
})

test('nothing but that push verifies: not a changed one, nor another salt, nor half a form', async () => {
  const body = await delivered()
  const form = new URLSearchParams(body)
  const [param, sign] = [form.get('param')!, form.get('sign')!]
  const formOf = (fields: [string, string][]) => new URLSearchParams(fields).toString()
  for (const forged of [
    body.replace('YT0000000000001', 'YT0000000000002'),
    `${body} `,
    '',
    formOf([['param', param]]),
    formOf([['sign', sign]]),
    formOf([
      ['sign', sign.toLowerCase()],
      ['param', param],
    ]),
    formOf([
      ['sign', sign.slice(0, -1)],
      ['param', param],
    ]),
    // Given twice, one value could be checked and the other read.
    formOf([
      ['sign', sign],
      ['param', param],
      ['param', param.replace('501', '3')],
    ]),
    formOf([
      ['sign', signPush(param, '')],
      ['param', param],
    ]),
  ])
    expect(verifies(forged), forged.slice(0, 80)).toBe(false)
  expect(verifies(body, 'another-salt')).toBe(false)
  expect(
    verifies(
      formOf([
        ['sign', signPush(param, '')],
        ['param', param],
      ]),
      '',
    ),
  ).toBe(false)
})

test('a push that only says that Kuaidi100 gave up is ignored, with its words', async () => {
  desk = await openDesk()
  const param = JSON.stringify({
    status: 'abort',
    message: '3天查询无记录',
    lastResult: { nu: number, com: 'yuantong', state: '0', data: [] },
  })
  const body = new URLSearchParams({ sign: signPush(param, credentials().salt), param }).toString()
  expect(verifies(body)).toBe(true)
  expect(webhook.interpret(request(body))).toEqual({ ignore: expect.stringContaining('3天查询无记录') })
})

test('a push that cannot be read is ignored with the reason, and throws nothing', async () => {
  desk = await openDesk()
  for (const param of ['', 'null', '{"status":"polling"}', '{"status":"new word","lastResult":{"nu":"1"}}'])
    expect(webhook.interpret(request(new URLSearchParams({ param }).toString()))).toEqual({
      ignore: expect.stringContaining('cannot be read'),
    })
})

test('subscribing again is no failure, and pushes are not doubled', async () => {
  await delivered()
  expect(await subscribe(number)).toEqual([{ ok: true }])
  desk.sandbox.scan(number, 'delivered')
  expect(desk.sandbox.takeWebhooks()).toHaveLength(1)
})

test('without a callback address subscribing is refused in clear words, without a call', async () => {
  desk = await openDesk({ settings: { callbackUrl: '' } })
  const failure = await failureOf(Promise.resolve(subscribe(number)))
  expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringContaining('callback address') })
  expect(desk.sent).toEqual([])
})

test.each([
  ['500', 'unavailable'],
  ['600', 'auth'],
  ['601', 'auth'],
  ['700', 'rejected'],
  ['701', 'rejected'],
  ['702', 'rejected'],
])('a subscription refused with %s is %s', async (returnCode, kind) => {
  desk = await openDesk({ answer: { result: 'false', returnCode, message: '拒绝' } })
  expect(await subscribe(number)).toMatchObject([{ ok: false, error: { kind, vendorCode: returnCode } }])
})
