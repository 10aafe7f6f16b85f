import type { Aspect, RemoteListing } from '../sdk/model/listing.ts'
import type { AspectValue } from './aspects.ts'

/** The value of an aspect as the platform shows it, where it does. */
export function remoteValue(aspect: Aspect, listing: RemoteListing): AspectValue | null {
  if (aspect === 'stock') return listing.quantity === null ? null : { quantity: listing.quantity }
  if (aspect === 'price') return listing.price === null ? null : { price: listing.price, sale: null }
  return null
}
