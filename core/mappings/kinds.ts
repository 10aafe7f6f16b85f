import type { MappingKind } from '../db/schema/mappings.ts'
import type { Connector } from '../sdk/connector.ts'
import { termKinds } from '../sdk/model/term.ts'

export type { MappingKind } from '../db/schema/mappings.ts'

type Operation = keyof Connector['operations']
/**
 * What follows from a changed mapping: `content` is pushed anew for the listings that use the word;
 * `confirmation` holds for every shipment that is not told yet; `orders` in that state are read again; `skus` bind
 * the listings and order lines that waited for them.
 */
type Follows = 'content' | 'confirmation' | 'orders' | 'skus'

type Kind = {
  /** What ours is, and where it comes from. */
  ours: string
  theirs: string
  /** The side that is in use and has one meaning; the other is chosen. */
  word: 'ours' | 'theirs'
  /** Whether two words may mean the same. */
  mayShare: boolean
  follows: Follows
  /** The operations that read it: a connector with none of them has no such words. */
  readBy: readonly Operation[]
}

const listing = ['createListing', 'pushContent'] as const

export const kinds: Readonly<Record<MappingKind, Kind>> = {
  category: {
    ours: 'the key of a category in the catalogue',
    theirs: 'a category or product type',
    word: 'ours',
    mayShare: true,
    follows: 'content',
    readBy: listing,
  },
  attribute: {
    ours: 'the name of an attribute or option of products',
    theirs: 'an attribute',
    word: 'ours',
    // A listing has one value an attribute: of two that mean the same, one would be lost.
    mayShare: false,
    follows: 'content',
    readBy: listing,
  },
  attribute_value: {
    ours: 'a value that products have of an attribute',
    theirs: 'a value of the attribute that it is mapped to',
    word: 'ours',
    mayShare: true,
    follows: 'content',
    readBy: listing,
  },
  tax: {
    ours: 'the tax class of a variant',
    theirs: 'a tax class',
    word: 'ours',
    mayShare: true,
    follows: 'content',
    readBy: listing,
  },
  carrier: {
    ours: 'the carrier of a shipment',
    theirs: 'the code of a carrier',
    word: 'ours',
    mayShare: true,
    follows: 'confirmation',
    readBy: ['confirmShipment'],
  },
  location: {
    ours: 'the code of a warehouse',
    theirs: 'a place that parcels leave from',
    word: 'ours',
    mayShare: true,
    follows: 'confirmation',
    readBy: ['confirmShipment'],
  },
  order_state: {
    ours: 'the status of an order here',
    theirs: 'the state of an order there',
    word: 'theirs',
    mayShare: true,
    follows: 'orders',
    readBy: ['pullOrders'],
  },
  sku: {
    ours: 'a SKU of the catalogue',
    theirs: 'the SKU of a listing or an ordered line',
    word: 'theirs',
    mayShare: true,
    follows: 'skus',
    readBy: ['pullListings', 'pullOrders'],
  },
}

export const mappingKinds = Object.keys(kinds) as MappingKind[]

/** The kinds that can be mapped on a connection of this connector. */
export function kindsOf(connector: Connector): MappingKind[] {
  const mapped =
    connector.kind === 'marketplace' && connector.mapped
      ? connector.mapped
      : termKinds.filter((kind) => kind !== 'tax' && kind !== 'location')
  const named = new Set<MappingKind>([...mapped, 'sku'])
  return mappingKinds.filter(
    (kind) => named.has(kind) && kinds[kind].readBy.some((name) => connector.operations[name] !== undefined),
  )
}
