import type { ListingFacts } from 'entrepot/sdk'
import type { Limits } from './marketplaces.ts'
import type { Pack } from './packs.ts'
import type { AuditSettings } from './settings.ts'

/** Another listing of the same variant, with the contents that its texts name. */
export type Sibling = { listingId: string; connectionId: string; measures: readonly string[] }

/** What an image measured; the fields are null where it could not be read, with the reason. */
export type ImageMeasure = {
  url: string
  fault: string | null
  widthPx: number | null
  heightPx: number | null
  /** Variance of the Laplacian of a greyscale copy; low is blurred. */
  sharpness: number | null
  /** Share of the border that is white, 0 to 1. */
  whiteBorder: number | null
  /** Of its bytes: the same file where these are the same. */
  digest: string | null
  /** Looks much the same where few of these 64 bits differ, as hexadecimal digits; null for an empty picture. */
  likeness: string | null
}

/** Facts that are known before a listing leaves; the rest only in an audit. */
export type KnownFacts = Pick<ListingFacts, 'content'> & Partial<ListingFacts>

/** All that the rules look at. */
export type Subject = {
  facts: KnownFacts
  limits: Limits
  packs: readonly Pack[]
  settings: AuditSettings
  /** Attributes that its category demands. */
  required: readonly string[]
  siblings: readonly Sibling[]
  /** Measured images by URL; none where they are not measured. */
  images: ReadonlyMap<string, ImageMeasure>
}
