import { eq } from 'drizzle-orm'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import type { WooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { setBasePrices } from '../../core/catalog/prices.ts'
import type { Connection } from '../../core/connections/connections.ts'
import {
  listings,
  onceCalls,
  orderLines,
  orders,
  problems,
  products,
  proposals,
} from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { newId } from '../../core/lib/id.ts'
import { raiseProblems } from '../../core/problems/problems.ts'
import type { RunningSandbox } from '../../core/sdk/sandbox.ts'
import type { OnceOperation } from '../../core/sync/once-request.ts'
import { publishProducts } from '../../core/sync/publish.ts'
import { takeReturn } from '../../core/sync/returns.ts'
import { addView } from '../../core/views/views.ts'
import { connect, seed, settle, testAct } from '../support/hub.ts'
import type { TestApi } from './support.ts'

export type World = {
  connection: Connection
  skus: Map<string, string>
  orderId: string
  /** The line of the order. */
  lineId: string
  returnId: string
  listingId: string
  productId: string
  /** Two views of the listings that the caller of the API owns. */
  viewIds: string[]
  unknownSkuProblem: string
  proposalIds: string[]
}

/** A hub with something of everything: listings in step, an order, a foreign SKU, two price steps to approve. */
export async function makeWorld(
  { hub }: TestApi,
  shop: RunningSandbox<WooCommerceSandbox>,
  name = 'woocommerce',
): Promise<World> {
  const connection = await connect(hub, woocommerce, shop, name)
  const skus = await seed(hub, [
    { sku: 'CUP', stock: 10 },
    { sku: 'MUG', stock: 4 },
    { sku: 'SET', stock: 0 },
    { sku: 'TEE-S', key: 'TEE', options: { Size: 'S' } },
    { sku: 'TEE-M', key: 'TEE', options: { Size: 'M' } },
  ])
  await publishProducts(hub.db, connection.id, 'all', testAct())
  await settle(hub, [connection])
  shop.addProduct({ sku: 'FOREIGN', name: 'Not ours', price: '5.00', quantity: 9 })
  const placed = shop.placeOrder({ lines: [{ sku: 'CUP', quantity: 3 }], shippingMinor: 490 })
  shop.placeOrder({ lines: [{ sku: 'FOREIGN', quantity: 1 }] })
  await hub.db.transaction((tx) =>
    setBasePrices(
      tx,
      ['CUP', 'MUG'].map((sku) => ({
        variantId: skus.get(sku)!,
        price: { minor: 9900, currency: 'EUR' },
        source: 'test',
      })),
      testAct(),
    ),
  )
  await settle(hub, [connection])
  const [order] = await hub.db.select().from(orders).where(eq(orders.externalId, placed.externalId))
  const [line] = await hub.db.select().from(orderLines).where(eq(orderLines.orderId, order!.id))
  const lines = [{ lineId: line!.id, quantity: 1, reason: 'Too small' }]
  const returnId = await transact(hub.db, (tx) =>
    takeReturn(tx, hub, { orderId: order!.id, lines }, testAct()),
  )
  const [listing] = await hub.db
    .select()
    .from(listings)
    .where(eq(listings.variantId, skus.get('CUP')!))
  const [foreign] = await hub.db.select().from(problems).where(eq(problems.kind, 'unknown_sku'))
  const [cup] = await hub.db.select().from(products).where(eq(products.key, 'CUP'))
  const views = ['Mine', 'Old'].map((name) => ({
    name,
    filters: {},
    sort: null,
    columns: null,
    isShared: false,
  }))
  const viewIds = await hub.db.transaction(async (tx) => {
    const ids: string[] = []
    for (const view of views) ids.push((await addView(tx, 'listings', view, testAct('key:tests'))).id)
    return ids
  })
  const steps = await hub.db.select().from(proposals).orderBy(proposals.id)
  return {
    connection,
    skus,
    orderId: order!.id,
    lineId: line!.id,
    returnId,
    listingId: listing!.id,
    productId: cup!.id,
    viewIds,
    unknownSkuProblem: foreign!.id,
    proposalIds: steps.map((step) => step.id),
  }
}

/** A call whose outcome nobody knows, with the problem that asks a person. Returns their ids. */
export async function makeUnclearCall(
  { hub }: TestApi,
  call: { connectionId: string; operation: OnceOperation; subject: string; key: string; input?: object },
): Promise<{ callId: string; problemId: string }> {
  const callId = newId('onc')
  const { input = {}, ...row } = call
  await hub.db.insert(onceCalls).values({ id: callId, ...row, input, state: 'needs_decision', attempts: 8 })
  await raiseProblems(
    hub.db,
    [
      {
        kind: 'needs_decision',
        key: `once:${callId}`,
        connectionId: call.connectionId,
        subject: call.subject,
        message: 'Nobody can tell whether it happened.',
        detail: { onceCall: callId },
      },
    ],
    testAct(),
  )
  const [problem] = await hub.db
    .select()
    .from(problems)
    .where(eq(problems.key, `once:${callId}`))
  return { callId, problemId: problem!.id }
}
