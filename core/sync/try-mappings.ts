import { and, eq, inArray } from 'drizzle-orm'
import type { Connection } from '../connections/connections.ts'
import { externalTerms, listings, variants } from '../db/schema/index.ts'
import { desiredContents } from '../listings/desired.ts'
import { loadDrafts } from '../listings/draft.ts'
import type { TentativeMapping } from '../listings/translate.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { ListingContent } from '../sdk/model/listing.ts'
import { applyFilters, diffValues, type FieldDiff } from './aspects.ts'
import type { Hub } from './hub.ts'
import { judgeDraft } from './judge-draft.ts'
import { outgoing } from './plan.ts'

/** What the platform would complain of, or a plugin stops; `field` is the part of the content. */
export type Complaint = { field: string; message: string; severity: 'error' | 'warning' }
export type Trial = {
  listingId: string
  sku: string
  /** Field by field, what the mappings change of what the listing should say now. */
  changes: FieldDiff[]
  /** Field by field, what the platform would be told beyond what it acknowledged; null where it has no listing yet. */
  content: ListingContent | null
  complaints: Complaint[]
  /** What the platform calls the terms that are named by an id, by that id. */
  names: Record<string, string>
}

/**
 * What a listing would say with these mappings, through the same steps as a push, up to the last word of the
 * plugins. Writes nothing and calls nobody. @throws NotFoundError
 */
export async function tryMappings(
  hub: Hub,
  connection: Connection,
  listingId: string,
  tentative: readonly TentativeMapping[],
): Promise<Trial> {
  const [listing] = await hub.db
    .select({
      sku: variants.sku,
      productId: variants.productId,
      externalId: listings.externalId,
    })
    .from(listings)
    .innerJoin(variants, eq(variants.id, listings.variantId))
    .where(and(eq(listings.id, listingId), eq(listings.connectionId, connection.id)))
  if (!listing) throw new NotFoundError(`${connection.name} has no listing ${listingId}.`)
  const before = (await desiredContents(hub.db, [listingId])).get(listingId)!
  const after = (await desiredContents(hub.db, [listingId], tentative)).get(listingId)!
  const complaints: Complaint[] = []
  const said =
    listing.externalId === null
      ? await judgeUnlisted(hub, connection, { ...listing, listingId }, tentative, complaints)
      : await judgeListed(hub, connection, listing.sku, after, complaints)
  complaints.push(...(await compareTerms(hub, connection, said ?? after)))
  return {
    listingId,
    sku: listing.sku,
    changes: diffValues('content', before, after),
    content: said,
    complaints,
    names: await readNames(hub, connection, [before, after]),
  }
}

async function judgeListed(
  hub: Hub,
  connection: Connection,
  sku: string,
  content: ListingContent,
  complaints: Complaint[],
): Promise<ListingContent | null> {
  const plugins = await readActivePlugins(hub.db, hub.plugins)
  const said = applyFilters(
    plugins,
    'content',
    { ok: true, value: content, terms: [] },
    outgoing(connection, sku),
  )
  if (said.ok) return said.value as ListingContent
  complaints.push({ field: 'content', message: said.message, severity: 'error' })
  return null
}

/** What is not listed yet is judged as the draft that would be sent: its price and its siblings count too. */
async function judgeUnlisted(
  hub: Hub,
  connection: Connection,
  listing: { listingId: string; productId: string; sku: string },
  tentative: readonly TentativeMapping[],
  complaints: Complaint[],
): Promise<ListingContent | null> {
  const { drafts, unlistable } = await loadDrafts(
    hub.db,
    connection.id,
    [listing.productId],
    hub.clock.now(),
    tentative,
  )
  for (const { listingId, message } of unlistable)
    if (listingId === listing.listingId) complaints.push({ field: 'price', message, severity: 'error' })
  const draft = drafts.get(listing.productId)
  if (!draft) return null
  const judged = judgeDraft(await readActivePlugins(hub.db, hub.plugins), connection, draft)
  for (const { listingId, field, message } of judged.stopped)
    if (listingId === listing.listingId) complaints.push({ field, message, severity: 'error' })
  return judged.draft?.variants.find(({ sku }) => sku === listing.sku)?.content ?? null
}

/** What the platform's own terms have against the content. */
async function compareTerms(hub: Hub, connection: Connection, content: ListingContent): Promise<Complaint[]> {
  const terms = await hub.db
    .select({
      kind: externalTerms.kind,
      id: externalTerms.id,
      name: externalTerms.name,
      isAssignable: externalTerms.isAssignable,
    })
    .from(externalTerms)
    .where(and(eq(externalTerms.connectionId, connection.id), eq(externalTerms.isRequired, true)))
  const facts = { ...content.attributes, ...content.options }
  const missing = terms
    .filter(({ kind, id, name }) => kind === 'attribute' && !(id in facts) && !(name in facts))
    .map(
      ({ name }): Complaint => ({
        field: 'attributes',
        message: `${connection.name} asks for "${name}", which the product does not have.`,
        severity: 'error',
      }),
    )
  const lists = await hub.db
    .selectDistinct({ kind: externalTerms.kind })
    .from(externalTerms)
    .where(and(eq(externalTerms.connectionId, connection.id), eq(externalTerms.isListed, true)))
  const isListed = (kind: string) => lists.some((row) => row.kind === kind)
  const unmapped: Complaint[] = []
  if (isListed('category') && content.externalCategoryId === null)
    unmapped.push({
      field: 'externalCategoryId',
      message: 'Its category is not mapped: the platform chooses one by itself or refuses the listing.',
      severity: 'warning',
    })
  if (content.externalCategoryId !== null && isListed('category')) {
    const [category] = await hub.db
      .select({ isAssignable: externalTerms.isAssignable })
      .from(externalTerms)
      .where(
        and(
          eq(externalTerms.connectionId, connection.id),
          eq(externalTerms.kind, 'category'),
          eq(externalTerms.id, content.externalCategoryId),
          eq(externalTerms.isListed, true),
        ),
      )
    if (!category?.isAssignable)
      unmapped.push({
        field: 'externalCategoryId',
        message: category
          ? `Goods cannot be put into category ${content.externalCategoryId} itself.`
          : `${connection.name} has no category ${content.externalCategoryId}.`,
        severity: 'error',
      })
  }
  return [...missing, ...unmapped]
}

/** The names of the categories, attributes and tax classes in these contents. */
async function readNames(
  hub: Hub,
  connection: Connection,
  contents: readonly ListingContent[],
): Promise<Record<string, string>> {
  const ids = contents
    .flatMap(({ externalCategoryId, externalTaxClassId, attributes, options }) => [
      externalCategoryId,
      externalTaxClassId,
      ...Object.keys({ ...attributes, ...options }),
    ])
    .filter((id) => typeof id === 'string')
  const found = await hub.db
    .select({ id: externalTerms.id, name: externalTerms.name, path: externalTerms.path })
    .from(externalTerms)
    .where(
      and(
        eq(externalTerms.connectionId, connection.id),
        inArray(externalTerms.kind, ['category', 'attribute', 'tax']),
        inArray(externalTerms.id, ids),
      ),
    )
  return Object.fromEntries(found.map(({ id, name, path }) => [id, path === '' ? name : `${path} > ${name}`]))
}
