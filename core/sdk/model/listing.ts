import type { FieldIssue } from '../errors.ts'
import type { Money } from './money.ts'

/** The three things a hub pushes for a listing; each has its own revision. */
export const aspects = ['content', 'price', 'stock'] as const
export type Aspect = (typeof aspects)[number]

export const listingStatuses = ['draft', 'pending', 'live', 'rejected', 'ended'] as const
export type ListingStatus = (typeof listingStatuses)[number]

/** How a listing is named on the platform. `externalParentId` is set for a variation of a parent listing. */
export type ListingRef = { externalId: string; externalParentId: string | null; sku: string }

/** Outer size in millimetres. */
export type SizeMm = { lengthMm: number; widthMm: number; heightMm: number }

/** What a listing says, in the locale of the connection. */
export type ListingContent = {
  title: string
  description: string
  brand: string | null
  gtin: string | null
  images: readonly string[]
  /** Facts that describe all variants ("Material": "Cotton"). */
  attributes: Readonly<Record<string, string>>
  /** What tells this variant from its siblings ("Size": "M"); empty for a product with one variant. */
  options: Readonly<Record<string, string>>
  /** The platform's category or product type that ours is mapped to. */
  externalCategoryId: string | null
  /** The platform's tax class that ours is mapped to; absent where none is. */
  externalTaxClassId?: string
  weightGrams: number | null
  size: SizeMm | null
}

/** A dated price below the regular one. Instants are UTC. */
export type SalePrice = { price: Money; startsAt: Date; endsAt: Date | null }

export type ContentChange = { ref: ListingRef; content: ListingContent }
export type PriceChange = { ref: ListingRef; price: Money; sale: SalePrice | null }
export type StockChange = {
  ref: ListingRef
  /** Units the platform may sell. */
  quantity: number
  /** What the platform last acknowledged, for compare-and-set; null when it never did. */
  acknowledgedQuantity: number | null
}

/** A product to be listed: one variant, or several that share a parent listing. */
export type ListingDraft = {
  /** Content that the variants share; `options` is empty here. */
  content: ListingContent
  /** Names of the options in display order ("Size", "Colour"); empty for a single variant. */
  optionNames: readonly string[]
  /** Set when the parent already exists and these variants join it. */
  externalParentId: string | null
  /** The parent's own SKU, for platforms where a parent has one. */
  parentSku: string
  variants: readonly {
    sku: string
    content: ListingContent
    price: Money
    sale: SalePrice | null
    quantity: number
  }[]
}

/** What became of a draft: one entry a variant, in the draft's order. */
export type CreatedListing = {
  externalParentId: string | null
  variants: readonly (
    | { sku: string; ok: true; externalId: string }
    | { sku: string; ok: false; error: Error }
  )[]
}

/** A listing as the platform has it. */
export type RemoteListing = {
  externalId: string
  externalParentId: string | null
  sku: string | null
  title: string
  status: ListingStatus
  price: Money | null
  quantity: number | null
  issues: readonly FieldIssue[]
}
