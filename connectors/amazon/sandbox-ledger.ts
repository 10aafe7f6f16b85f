import { type Clock, type ListingStatus, type Money, parseMoney, type SandboxListing } from 'entrepot/sdk'
import { z } from 'zod'

type Instance = Record<string, unknown>
export type Attributes = Record<string, Instance[]>
export type Held = {
  sku: string
  asin: string
  productType: string
  attributes: Attributes
  createdAt: Date
  updatedAt: Date
  /** From when a read shows it: Amazon's reads lag behind its writes. */
  visibleAt: Date
}
export type Issue = {
  code: string
  message: string
  severity: 'ERROR' | 'WARNING'
  attributeNames: string[]
  categories: string[]
}

export const patchesSchema = z.array(
  z.object({
    op: z.enum(['add', 'replace', 'merge', 'delete']),
    path: z.string().regex(/^\/attributes\/[a-z0-9_]+$/),
    value: z.array(z.record(z.string(), z.unknown())).optional(),
  }),
)
export type Patches = z.infer<typeof patchesSchema>

/** The stand-in's own record of listings. What it is told it judges as Amazon does, then keeps. */
export function createLedger(options: { clock: Clock; currency: string; readDelayMs: number }) {
  const { clock, currency, readDelayMs } = options
  const held = new Map<string, Held>()
  let lastCreated = 0

  const save = (sku: string, productType: string, attributes: Attributes): Held => {
    const now = clock.now()
    const known = held.get(sku)
    // Dates of creation differ, as they do where listings are made one after the other.
    const createdAt = known?.createdAt ?? new Date(Math.max(now.getTime(), lastCreated + 1))
    lastCreated = Math.max(lastCreated, createdAt.getTime())
    const entry: Held = {
      sku,
      asin: known?.asin ?? `B0${String(held.size + 1).padStart(8, '0')}`,
      productType: productType === 'PRODUCT' && known ? known.productType : productType,
      attributes,
      createdAt,
      updatedAt: now,
      visibleAt: known?.visibleAt ?? new Date(now.getTime() + readDelayMs),
    }
    held.set(sku, entry)
    return entry
  }

  return {
    put(sku: string, productType: string, attributes: Attributes, isOffered: boolean): Issue[] {
      const issues = [...missing(attributes, isOffered), ...complaints(attributes)]
      if (!hasErrors(issues)) save(sku, productType, attributes)
      return issues
    },

    /** The issues, or null when there is no such SKU. */
    patch(sku: string, productType: string, patches: Patches): Issue[] | null {
      const known = held.get(sku)
      if (!known) return null
      const attributes = applyPatches(known.attributes, patches)
      const issues = complaints(attributes)
      if (!hasErrors(issues)) save(sku, productType, attributes)
      return issues
    },

    /** Takes `units` away, or gives them back when negative. @throws Error when there are too few. */
    take(sku: string, units: number): Held {
      const entry = held.get(sku)
      const available = entry ? quantityOf(entry) : null
      if (!entry || available === null) throw new Error(`The shop does not sell ${sku}.`)
      if (available < units) throw new Error(`The shop has ${available} of ${sku}, not ${units}.`)
      setQuantity(entry, available - units)
      return entry
    },

    get: (sku: string): Held | undefined => held.get(sku),
    isVisible: (entry: Held): boolean => entry.visibleAt <= clock.now(),
    all: (): Held[] => [...held.values()],
    priceOf: (entry: Held): Money | null => priceOf(entry, currency),
    listings: (): SandboxListing[] =>
      [...held.values()].filter((entry) => !isParent(entry)).map((entry) => toListing(entry, currency)),
  }
}
export type Ledger = ReturnType<typeof createLedger>

const hasErrors = (issues: readonly Issue[]): boolean => issues.some((issue) => issue.severity === 'ERROR')

export const isParent = ({ attributes }: Held): boolean => attributes.parentage_level?.[0]?.value === 'parent'
export const parentSkuOf = ({ attributes }: Held): string | null =>
  (attributes.child_parent_sku_relationship?.[0]?.parent_sku as string | undefined) ?? null

export function quantityOf({ attributes }: Held): number | null {
  const own = attributes.fulfillment_availability?.find(
    (entry) => entry.fulfillment_channel_code === 'DEFAULT',
  )
  return (own?.quantity as number | undefined) ?? null
}

function setQuantity({ attributes }: Held, quantity: number): void {
  attributes.fulfillment_availability = (attributes.fulfillment_availability ?? []).map((entry) =>
    entry.fulfillment_channel_code === 'DEFAULT' ? { ...entry, quantity } : entry,
  )
}

const offerSchema = z.object({
  our_price: z.tuple([z.object({ schedule: z.tuple([z.object({ value_with_tax: z.number() })]) })]),
  discounted_price: z
    .tuple([z.object({ schedule: z.tuple([z.object({ value_with_tax: z.number() })]) })])
    .optional(),
})

function priceOf({ attributes }: Held, currency: string): Money | null {
  const offer = offerSchema.safeParse(attributes.purchasable_offer?.[0]).data
  return offer ? parseMoney(String(offer.our_price[0].schedule[0].value_with_tax), currency) : null
}

/** BUYABLE with an offer and stock, DISCOVERABLE otherwise. */
export const isBuyable = (entry: Held): boolean =>
  entry.attributes.purchasable_offer !== undefined && (quantityOf(entry) ?? 0) > 0

export const titleOf = ({ attributes }: Held): string => String(attributes.item_name?.[0]?.value ?? '')

const toListing = (entry: Held, currency: string): SandboxListing => ({
  externalId: entry.sku,
  externalParentId: parentSkuOf(entry),
  sku: entry.sku,
  title: titleOf(entry),
  status: statusOf(entry),
  price: priceOf(entry, currency),
  quantity: quantityOf(entry),
})

function statusOf(entry: Held): ListingStatus {
  if (entry.attributes.purchasable_offer) return quantityOf(entry) === null ? 'pending' : 'live'
  return quantityOf(entry) === 0 ? 'ended' : 'pending'
}

function applyPatches(attributes: Attributes, patches: Patches): Attributes {
  const result = { ...attributes }
  for (const { op, path, value = [] } of patches) {
    const name = path.slice('/attributes/'.length)
    if (op === 'delete') delete result[name]
    else if (op === 'merge') result[name] = mergeInstances(result[name] ?? [], value)
    else result[name] = value
  }
  return result
}

/** Merges by what tells instances apart; fields that are not named stay. */
function mergeInstances(old: readonly Instance[], news: readonly Instance[]): Instance[] {
  const selectors = ['fulfillment_channel_code', 'marketplace_id', 'audience']
  const isSame = (a: Instance, b: Instance) =>
    selectors.every((name) => (a[name] ?? b[name]) === (b[name] ?? a[name]))
  const kept = old.map((entry) => ({ ...entry, ...news.find((candidate) => isSame(entry, candidate)) }))
  return [...kept, ...news.filter((candidate) => !old.some((entry) => isSame(entry, candidate)))]
}

const issue = (code: string, message: string, attribute: string, category: string): Issue => ({
  code,
  message,
  severity: 'ERROR',
  attributeNames: [attribute],
  categories: [category],
})

function missing(attributes: Attributes, isOffered: boolean): Issue[] {
  const required = ['item_name', 'condition_type', ...(isOffered ? ['purchasable_offer'] : [])]
  return required
    .filter((name) => !attributes[name])
    .map((name) => issue('90220', `'${name}' is required but not supplied.`, name, 'MISSING_ATTRIBUTE'))
}

function complaints(attributes: Attributes): Issue[] {
  const issues: Issue[] = []
  if (attributes.item_name && !String(attributes.item_name[0]?.value ?? '').trim())
    issues.push(issue('90220', "'item_name' is required but not supplied.", 'item_name', 'MISSING_ATTRIBUTE'))
  for (const entry of attributes.fulfillment_availability ?? []) {
    if (entry.quantity === undefined || (Number.isInteger(entry.quantity) && Number(entry.quantity) >= 0))
      continue
    const message = `The quantity '${entry.quantity}' is not a whole number of zero or more.`
    issues.push(issue('90000900', message, 'fulfillment_availability', 'INVALID_ATTRIBUTE'))
  }
  for (const entry of attributes.purchasable_offer ?? []) {
    const offer = offerSchema.safeParse(entry).data
    const prices = offer ? [offer.our_price, offer.discounted_price ?? []].flat() : []
    const isFine = offer && prices.every((price) => price.schedule[0].value_with_tax > 0)
    if (!isFine)
      issues.push(issue('90244', 'The price must be above zero.', 'purchasable_offer', 'INVALID_PRICE'))
  }
  return issues
}
