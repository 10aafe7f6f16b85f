import type { GoodsReader, ListingFinding } from './goods.ts'
import type { ProposalDraft, ProposalState } from './proposal.ts'
import type { ShipmentFacts, ShippingQuestion, ShippingRequest, TransitHistory } from './shipping.ts'

/** What plugins may read and do beside their own tables. */
export type HubServices = GoodsReader & {
  /** Accounts by name, without anything secret. `canCoupon`: whether coupons can be made there. */
  listConnections(): Promise<
    {
      id: string
      name: string
      connector: string
      kind: string
      currency: string
      locale: string
      canCoupon: boolean
    }[]
  >
  /** Booked shipments of a period by the time of booking, the oldest first; read page by page. */
  streamShipments(period: { from: Date; to: Date }): AsyncIterable<ShipmentFacts>
  /** Shipments that any of these names: our id, the courier's id, or a tracking number. */
  findShipments(names: readonly string[]): Promise<ShipmentFacts[]>
  /** How long parcels took since an instant, by lane and service. */
  readTransit(since: Date): Promise<TransitHistory[]>
  /** Weight, size and sales of an order's lines, to plan its parcels. @throws NotFoundError */
  readShippingRequest(orderId: string): Promise<ShippingRequest>
  /** What a choice of service for an order depends on beside its parcels. @throws NotFoundError */
  readShippingFacts(orderId: string): Promise<Pick<ShippingQuestion, 'shipBy' | 'deliverBy' | 'order'>>
  /** All prices for a request: every courier's own and every plugin's. */
  quote(request: ShippingRequest): Promise<Pick<ShippingQuestion, 'offers' | 'unavailable'>>
  /** What the other plugins that judge listings find wrong with these, and which plugins were `asked`. */
  readFindings(
    listingIds: readonly string[],
  ): Promise<{ asked: string[]; findings: (ListingFinding & { plugin: string })[] }>
  /**
   * Opens a proposal of a kind that the plugin declares, or applies it at once where it is automatic. Returns its
   * id. @throws InputError when the payload is none of its kind, and what `apply` throws when it is automatic
   */
  propose(draft: ProposalDraft): Promise<string>
  /** What became of proposals of this plugin. */
  readProposals(ids: readonly string[]): Promise<ProposalState[]>
  /** Closes an open proposal of this plugin that has become pointless. */
  withdrawProposal(key: string): Promise<void>
  /** Takes back what was applied. @throws NotFoundError, ConflictError when it is not applied or cannot be undone */
  undoProposal(id: string, actor: string): Promise<void>
  /** Opens or counts a problem of this plugin; `key` is unique within the plugin. */
  raiseProblem(problem: {
    key: string
    message: string
    subject?: string
    connectionId?: string
    remedy: string
    holdsUp: string
  }): Promise<void>
  settleProblem(key: string): Promise<void>
  /** Writes what was done into the audit log. */
  audit(entry: {
    actor: string
    action: string
    subject: string
    before?: unknown
    after?: unknown
  }): Promise<void>
}
