import { ConnectorError, type MarketplaceOperations } from 'entrepot/sdk'
import { describe, test } from 'vitest'
import { broken, expectCaught, operations, type SimpleClient } from './broken.ts'
import { simpleShop } from './simple-shop/index.ts'

const { readOrders, pullOrders } = operations
const works = 'operations: each works on a platform that behaves, within the declared buckets'

describe('bad manners are caught', () => {
  test('an operation that the suite does not know', () => {
    const more = { ...simpleShop.operations, teleport: pullOrders } as MarketplaceOperations<SimpleClient>
    return expectCaught(
      broken({ operations: more }),
      'operations: are all known to this suite',
      /does not know/,
    )
  })

  test('a bucket that is used and not declared', () => {
    const { listings } = simpleShop.buckets
    return expectCaught(broken({ buckets: { listings: listings! } }), works, /bucket that is not declared/)
  })

  test('a bucket that promises more than the platform allows', () => {
    const generous = { perSecond: 1000, burst: 1000, source: 'https://simple-shop.example/api/limits' }
    const subject = broken({ buckets: { listings: generous, orders: generous } })
    const name = 'buckets: calls within the declared rates are never refused for their number'
    return expectCaught(subject, name, /is refused after/)
  })

  test.each([
    [{ perSecond: 0, burst: 5 }, /perSecond/],
    [{ perSecond: 1, burst: 0 }, /burst/],
    [{ perSecond: 1, burst: 1, source: 'the docs' }, /source/],
  ])('a bucket such as %j', (patch, complaint) => {
    const bucket = { ...simpleShop.buckets.orders!, ...patch }
    const subject = broken({ buckets: { ...simpleShop.buckets, orders: bucket } })
    return expectCaught(subject, 'buckets: have positive rates and the page that says so', complaint)
  })

  test('a call that goes round the hub, to any host', () => {
    const createClient: typeof simpleShop.createClient = (context) => ({
      ...simpleShop.createClient(context),
      url: context.settings.shopUrl,
    })
    const read: typeof readOrders = async (client, ids) => {
      await fetch(`${(client as SimpleClient & { url: string }).url}/orders`)
      return readOrders(client, ids)
    }
    const subject = broken({ createClient, operations: { ...simpleShop.operations, readOrders: read } })
    return expectCaught(subject, 'hosts: a host that is not declared is never called', /does not declare/)
  })

  test('hosts that leave out the one in the settings', () =>
    expectCaught(
      broken({ hosts: () => ['simple-shop.example'] }),
      'hosts: the host that settings name is declared',
      /does not name/,
    ))

  test('a schedule for a task that does not exist, or with no cron line', async () => {
    const name = 'schedule: names tasks that exist, with cron lines'
    const strange = { teleport: '* * * * *' } as typeof simpleShop.schedule
    await expectCaught(broken({ schedule: strange }), name, /no task "teleport"/)
    await expectCaught(broken({ schedule: { orders: 'hourly' } }), name, /no cron line/)
  })
})

describe('a leaked secret is caught', () => {
  const leaking = (leak: (key: string, error: ConnectorError) => ConnectorError) =>
    broken({
      createClient(context) {
        const client = simpleShop.createClient(context)
        return {
          ...client,
          listOrders: (after) =>
            client.listOrders(after).catch((error: ConnectorError) => {
              throw leak(context.credentials.apiKey, error)
            }),
        }
      },
    })
  const name = 'secrets: none reaches an error, even when the platform repeats them'

  test('in an error message', () =>
    expectCaught(
      leaking((key, error) => new ConnectorError(error.kind, `${error.message} The key was ${key}.`)),
      name,
      /holds a secret of the connection in plain/,
    ))

  test('in what the platform said, in base64', () =>
    expectCaught(
      leaking(
        (key, error) =>
          new ConnectorError(error.kind, error.message, {
            vendorMessage: Buffer.from(key).toString('base64'),
          }),
      ),
      name,
      /in base64/,
    ))

  test('in the cause of an error', () =>
    expectCaught(
      leaking(
        (key, error) =>
          new ConnectorError(error.kind, error.message, { cause: { headers: { 'x-key': key } } }),
      ),
      name,
      /in plain/,
    ))

  test('in the log', () =>
    expectCaught(
      broken({
        createClient(context) {
          context.log.info({ with: { headers: { 'x-key': context.credentials.apiKey } } }, 'connected')
          return simpleShop.createClient(context)
        },
      }),
      'secrets: none reaches a log',
      /The log of .* holds a secret/,
    ))
})
