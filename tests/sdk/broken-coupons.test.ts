import { ConnectorError, type Coupon } from 'entrepot/sdk'
import { connectorChecks, type Subject } from 'entrepot/sdk/testing'
import { describe, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { expectCaughtBy } from './broken.ts'

const { createCoupon, endCoupon } = woocommerce.operations as Required<typeof woocommerce.operations>

const subject = (patch: Partial<typeof woocommerce.operations>) =>
  ({
    connector: { ...woocommerce, operations: { ...woocommerce.operations, ...patch } },
    createSandbox: createWooCommerceSandbox,
    readme: new URL('../../connectors/woocommerce/README.md', import.meta.url),
  }) as unknown as Subject
const healthy = connectorChecks(subject({}))
const expectCaught = (patch: Partial<typeof woocommerce.operations>, name: string, complaint: RegExp) =>
  expectCaughtBy({ healthy, broken: connectorChecks(subject(patch)) }, name, complaint)

describe('a coupon is caught', () => {
  test('when looking takes whoever has the code', () =>
    expectCaught(
      {
        createCoupon: {
          ...createCoupon,
          find: async (client, { code }: Coupon) => {
            const [held] = await client.listCoupons(code)
            return held ? { externalId: String(held.id) } : null
          },
        },
      },
      'createCoupon: is not found before it ran, and found as it ran afterwards',
      /Another request's coupon/,
    ))

  test('when looking never finds it', () =>
    expectCaught(
      { createCoupon: { ...createCoupon, find: async () => null } },
      'createCoupon: a lost answer neither hides it nor doubles it',
      /is not found/,
    ))

  test('when a lost answer is called harmless to repeat', () =>
    expectCaught(
      {
        createCoupon: {
          ...createCoupon,
          run: (client, coupon, key) =>
            createCoupon.run(client, coupon, key).catch((error: ConnectorError) => {
              throw new ConnectorError('unavailable', error.message)
            }),
        },
      },
      'createCoupon: a lost answer neither hides it nor doubles it',
      /has to be uncertain/,
    ))

  test('when a taken code is taken over', () =>
    expectCaught(
      {
        createCoupon: {
          ...createCoupon,
          run: async (client, coupon, key) => {
            for (const { id } of await client.listCoupons(coupon.code)) await client.deleteCoupon(id, true)
            return createCoupon.run(client, coupon, key)
          },
        },
      },
      'createCoupon: a code that another coupon has is refused',
      /A taken code has to be rejected/,
    ))

  test('when ending it does nothing', () =>
    expectCaught(
      { endCoupon: { ...endCoupon, run: async () => true } },
      'endCoupon: ends on the platform, and its code is free again',
      /still found/,
    ))

  test('when ending what has ended fails', () =>
    expectCaught(
      {
        endCoupon: {
          ...endCoupon,
          run: async (client, { externalId }) => {
            await client.deleteCoupon(Number(externalId), true)
            return true
          },
        },
      },
      'endCoupon: what has ended already is ended',
      /Invalid ID/,
    ))

  test('when it can be made and not ended', () => {
    const { endCoupon: _without, ...operations } = woocommerce.operations
    const broken = subject({})
    const connector = { ...broken.connector, operations } as Subject['connector']
    return expectCaughtBy(
      { healthy, broken: connectorChecks({ ...broken, connector }) },
      'endCoupon: ends on the platform, and its code is free again',
      /needs endCoupon/,
    )
  })
})
