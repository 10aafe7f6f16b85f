import type { ProductInput } from '../catalog/catalog.ts'
import type { Money } from '../lib/money.ts'
import type { RemoteOrder } from '../sdk/model/order.ts'

/** What a row says of a SKU. `product` is null in a file that holds stock or prices only. */
export type CatalogRecord = {
  sku: string
  product: ProductInput | null
  category: { key: string; name: Record<string, string> } | null
  price: Money | null
  stock: { onHand: number; warehouse: string | null } | null
  /** In a file of snapshots: what is described, and when it was so. */
  snapshot: { key: string; at: Date } | null
}

/** An order, with what is odd about it in words: it is imported all the same. */
export type OrderRecord = { order: RemoteOrder; notes: readonly Note[] }
export type Note = { kind: 'noLines' | 'paymentDifferences'; column: string; text: string }

/** Where something stands. Lines count from 1; that of a row is the one it starts in. */
export type Place = { file: string; line: number }
export type Taken<Rec> = Place & { record: Rec; raw: string }
/** A row that cannot be imported, and why. */
export type Refused = Place & { column: string | null; reason: string; raw: string }
/** A row left out on purpose: the file says it again word for word, or a later snapshot takes its place. */
export type Skipped = Place & { skipped: 'duplicate' | 'superseded' }
export type Item<Rec> = Taken<Rec> | Refused | Skipped

export const isTaken = <Rec>(item: Item<Rec>): item is Taken<Rec> => 'record' in item
export const isRefused = <Rec>(item: Item<Rec>): item is Refused => 'reason' in item

/** Why a field cannot be used: caught where the row is known. */
export class FieldError extends Error {
  override name = 'FieldError'
  readonly column: string
  constructor(column: string, reason: string) {
    super(reason)
    this.column = column
  }
}
