import { readOutcomes } from '../calls/read.ts'
import type { Connection } from '../connections/connections.ts'
import type { DbOrTx } from '../db/client.ts'
import type { Connector, MarketplaceOperation, Verification } from '../sdk/connector.ts'
import type { CourierOperation } from '../sdk/courier.ts'
import type { FailureKind } from '../sdk/errors.ts'

type Operations<Name extends string> = Readonly<Record<Name, true>>

/** Everything the contract knows, so that what a connector lacks can be told too. */
const marketplaceOperations: Operations<MarketplaceOperation> = {
  pullListings: true,
  createListing: true,
  pushContent: true,
  pushPrices: true,
  pushStock: true,
  endListing: true,
  pullOrders: true,
  readOrders: true,
  acknowledgeOrder: true,
  confirmShipment: true,
  cancelOrder: true,
  pullReturns: true,
  pullTerms: true,
  refund: true,
  createCoupon: true,
  endCoupon: true,
}
const courierOperations: Operations<CourierOperation> = {
  quote: true,
  bookShipment: true,
  cancelShipment: true,
  pullTracking: true,
  subscribeTracking: true,
  pickup: true,
}

export type Capability = {
  operation: string
  isOffered: boolean
  /** What it was checked against; empty: nothing but the connector's own stand-in. */
  verifiedBy: Verification[]
  lastSuccessAt: Date | null
  lastFailureAt: Date | null
  lastFailureKind: FailureKind | null
  lastFailureMessage: string | null
  successes: number
  failures: number
}

/** What a connector can and cannot do, what each operation was checked against, and how it goes on this connection. */
export async function readCapabilities(
  db: DbOrTx,
  connector: Connector,
  connection: Pick<Connection, 'id'>,
): Promise<Capability[]> {
  const outcomes = new Map((await readOutcomes(db, connection.id)).map((row) => [row.operation, row]))
  const known = Object.keys(connector.kind === 'courier' ? courierOperations : marketplaceOperations)
  return known.map((operation) => {
    const found = outcomes.get(operation)
    const isOffered = (connector.operations as Record<string, unknown>)[operation] !== undefined
    return {
      operation,
      isOffered,
      verifiedBy: isOffered ? verificationsOf(connector, operation) : [],
      lastSuccessAt: found?.lastSuccessAt ?? null,
      lastFailureAt: found?.lastFailureAt ?? null,
      lastFailureKind: found?.lastFailureKind ?? null,
      lastFailureMessage: found?.lastFailureMessage ?? null,
      successes: found?.successes ?? 0,
      failures: found?.failures ?? 0,
    }
  })
}

const verificationsOf = ({ verification = [] }: Connector, operation: string): Verification[] =>
  verification.filter(({ operations }) => operations === undefined || operations.includes(operation))
