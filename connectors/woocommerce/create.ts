import { ConnectorError, type CreatedListing, type ListingDraft, toConnectorError } from 'entrepot/sdk'
import { pageSize, type WooClient } from './client.ts'
import { fromWpError } from './errors.ts'
import { findBySku, skuKey } from './lookup.ts'
import {
  createdBy,
  creationMeta,
  optionValuesOf,
  physicalFields,
  productContent,
  variationContent,
  variationImage,
} from './mapping-content.ts'
import { priceFields, stockFields, toId } from './mapping-listings.ts'
import type { WooProduct } from './schemas.ts'

type Variant = ListingDraft['variants'][number]
type Created = CreatedListing['variants'][number]

const isSimple = (draft: ListingDraft): boolean =>
  draft.optionNames.length === 0 && draft.externalParentId === null && draft.variants.length === 1

/** A parent may not have the SKU of one of its variations. */
function parentSkuOf({ parentSku, variants }: ListingDraft): string {
  return variants.some(({ sku }) => skuKey(sku) === skuKey(parentSku)) ? `${parentSku}-parent` : parentSku
}

/** What a variant sells for and how many. @throws ConnectorError `rejected` for values the shop would garble. */
function offerFields(client: WooClient, { sku, price, sale, quantity }: Variant) {
  const prices = Object.entries(priceFields(price, sale, client.settings.currency, sku))
  // A single call checks dates, and an empty one is none.
  const given = prices.filter(([name, value]) => value !== '' || !name.startsWith('date_'))
  return { sku, ...Object.fromEntries(given), ...stockFields(sku, quantity) }
}

/** A refusal becomes the variant's result; anything else (lost, busy, no access) stops the whole request. */
function refusalOf(error: unknown): ConnectorError {
  const refusal = toConnectorError(error)
  if (refusal.kind !== 'rejected' && refusal.kind !== 'not_found') throw refusal
  return refusal
}
const refuse = ({ sku }: Variant, error: ConnectorError): Created => ({ sku, ok: false, error })

/**
 * Lists a product with one variant, or a parent with variations. Safe to run again: SKUs are unique in a shop,
 * what an earlier attempt created under them is joined, and what it left out is added.
 * @see https://woocommerce.github.io/woocommerce-rest-api-docs/#create-a-product
 */
export function createListing(client: WooClient, draft: ListingDraft, key: string): Promise<CreatedListing> {
  return isSimple(draft) ? createSimple(client, draft, key) : createVariable(client, draft, key)
}

async function createSimple(client: WooClient, draft: ListingDraft, key: string): Promise<CreatedListing> {
  const variant = draft.variants[0]!
  try {
    const body = {
      type: 'simple',
      status: 'publish',
      ...productContent(variant.content, new Map(), null),
      ...physicalFields(variant.content, client.settings),
      ...offerFields(client, variant),
      meta_data: [creationMeta(key)],
    }
    const product = await createOrRevive(client, body, variant.sku)
    return {
      externalParentId: null,
      variants: [{ sku: variant.sku, ok: true, externalId: String(product.id) }],
    }
  } catch (error) {
    return { externalParentId: null, variants: [refuse(variant, refusalOf(error))] }
  }
}

/**
 * Creates a product; where we created one with this SKU before (its answer was lost, or its listing was ended
 * since), that one is written anew. A product that somebody else made is never taken over.
 */
async function createOrRevive(
  client: WooClient,
  body: { type: string } & Record<string, unknown>,
  sku: string,
): Promise<WooProduct> {
  try {
    return await client.createProduct(body)
  } catch (error) {
    const refusal = toConnectorError(error)
    if (refusal.vendorCode !== 'product_invalid_sku') throw refusal
    const owner = (await findBySku(client, [sku])).get(skuKey(sku))
    if (!owner || owner.type !== body.type || createdBy(owner) === null) throw refusal
    return client.updateProduct(owner.id, body)
  }
}

async function createVariable(client: WooClient, draft: ListingDraft, key: string): Promise<CreatedListing> {
  let parent: WooProduct
  try {
    parent = await openParent(client, draft, key)
  } catch (error) {
    const refusal = refusalOf(error)
    return {
      externalParentId: draft.externalParentId,
      variants: draft.variants.map((variant) => refuse(variant, refusal)),
    }
  }
  const present = await findBySku(
    client,
    draft.variants.map(({ sku }) => sku),
  )
  const results = new Map<Variant, Created>()
  const bodies = new Map<Variant, object>()
  for (const variant of draft.variants) {
    const { sku, content } = variant
    const held = present.get(skuKey(sku))
    const isOurs = held?.parent_id === parent.id && createdBy(held) !== null
    if (held && isOurs && held.status === 'publish') {
      results.set(variant, { sku, ok: true, externalId: String(held.id) })
      continue
    }
    try {
      bodies.set(variant, {
        ...(held && isOurs ? { id: held.id } : {}),
        status: 'publish',
        ...variationContent(content, client.settings, parent.attributes),
        ...variationImage(content, held?.image),
        ...offerFields(client, variant),
        meta_data: [creationMeta(key)],
      })
    } catch (error) {
      results.set(variant, refuse(variant, refusalOf(error)))
    }
  }
  await writeVariations(client, String(parent.id), bodies, results)
  return {
    externalParentId: String(parent.id),
    variants: draft.variants.map((variant) => results.get(variant)!),
  }
}

/** The parent that the variations go under: the one named, or a new one. It offers all their options. */
async function openParent(client: WooClient, draft: ListingDraft, key: string): Promise<WooProduct> {
  const values = optionValuesOf(
    draft.optionNames,
    draft.variants.map(({ content }) => content),
  )
  if (draft.externalParentId !== null) {
    const id = toId(draft.externalParentId, draft.parentSku)
    return client.updateProduct(id, productContent(draft.content, values, await client.readProduct(id)))
  }
  const sku = parentSkuOf(draft)
  const content = productContent(draft.content, values, null)
  const body = { type: 'variable', status: 'publish', sku, ...content, meta_data: [creationMeta(key)] }
  return createOrRevive(client, body, sku)
}

/** Writes variations in batches, an existing one (it has an id) as an update; fills in a result for each. */
async function writeVariations(
  client: WooClient,
  parentId: string,
  bodies: ReadonlyMap<Variant, object>,
  results: Map<Variant, Created>,
): Promise<void> {
  for (const part of ['create', 'update'] as const) {
    const entries = [...bodies].filter(([, body]) => 'id' in body === (part === 'update'))
    for (let from = 0; from < entries.length; from += pageSize) {
      const sent = entries.slice(from, from + pageSize)
      const answer = await client.batch(parentId, { [part]: sent.map(([, body]) => body) })
      for (const [index, [variant]] of sent.entries()) {
        const item = answer[part][index]
        results.set(variant, toCreated(variant, item))
      }
    }
  }
}

function toCreated(
  variant: Variant,
  item: Awaited<ReturnType<WooClient['batch']>>['create'][number] | undefined,
): Created {
  const { sku } = variant
  if (!item)
    return refuse(variant, new ConnectorError('unexpected', `The batch answer has no entry for ${sku}.`))
  if ('error' in item) return refuse(variant, fromWpError(item.error, 400, `to create ${sku}`))
  return { sku, ok: true, externalId: String(item.id) }
}

/**
 * What an attempt with this key created: all of the draft, or null. A part of it is null too, because running
 * again completes it without doubling anything.
 */
export async function findListing(
  client: WooClient,
  draft: ListingDraft,
  key: string,
): Promise<CreatedListing | null> {
  const found = await findBySku(
    client,
    draft.variants.map(({ sku }) => sku),
  )
  const products = draft.variants.map(({ sku }) => found.get(skuKey(sku)))
  const [first] = products
  const isComplete = products.every(
    (product) => product && createdBy(product) === key && product.parent_id === first?.parent_id,
  )
  if (!first || !isComplete || isSimple(draft) !== (first.parent_id === 0)) return null
  return {
    externalParentId: first.parent_id > 0 ? String(first.parent_id) : null,
    variants: draft.variants.map(({ sku }, index) => ({
      sku,
      ok: true,
      externalId: String(products[index]!.id),
    })),
  }
}
