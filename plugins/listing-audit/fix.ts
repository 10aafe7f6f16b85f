import {
  ConflictError,
  type ListingFacts,
  NotFoundError,
  type PluginProposal,
  type ProductEdit,
} from 'entrepot/sdk'
import { z } from 'zod'
import type { AuditContext } from './audit.ts'
import { readResult } from './results.ts'
import type { AuditSettings } from './settings.ts'
import { suggestTexts } from './suggest.ts'

const text = z.object({ from: z.string(), to: z.string().min(1) })
const payload = z
  .object({
    listingId: z.string().min(1),
    productId: z.string().min(1),
    locale: z.string().min(1),
    title: text.optional(),
    description: text.optional(),
  })
  .refine(({ title, description }) => title ?? description, 'changes nothing')
type Fix = z.output<typeof payload>

/** Mends texts of a product in one locale. Texts that changed since they were judged are left alone. */
export const fix: PluginProposal<Fix, ProductEdit, AuditSettings> = {
  payload,
  apply: async ({ listingId, productId, locale, title, description }, { services, actions }) => {
    const facts = await readFacts(services, listingId)
    for (const [field, change] of Object.entries({ title, description }))
      if (change && facts.content[field as 'title' | 'description'] !== change.from)
        throw new ConflictError(
          `The ${field} of ${facts.sku} was changed since this fix was proposed. Audit the listing again and propose anew.`,
        )
    return actions.editProduct({
      productId,
      ...(title ? { title: { [locale]: title.to } } : {}),
      ...(description ? { description: { [locale]: description.to } } : {}),
    })
  },
  undo: async (before, { actions }) => {
    await actions.editProduct(before)
  },
}

/** The facts of one listing. @throws NotFoundError */
export async function readFacts(
  services: Pick<AuditContext['services'], 'streamListings'>,
  listingId: string,
): Promise<ListingFacts> {
  for await (const [facts] of services.streamListings({ listingIds: [listingId] })) if (facts) return facts
  throw new NotFoundError(`There is no listing ${listingId}.`)
}

/** Opens the proposal, which `askedBy` wants, to mend what can be mended by leaving words out. Returns its id. @throws ConflictError when nothing can */
export async function proposeFix(
  { db, services }: AuditContext,
  listingId: string,
  askedBy?: string,
): Promise<string> {
  const facts = await readFacts(services, listingId)
  const result = await readResult(db, listingId)
  if (!result) throw new NotFoundError(`Listing ${listingId} was not judged yet. Audit it first.`)
  if (result.title !== facts.content.title)
    throw new ConflictError(
      `The title of ${facts.sku} was changed since it was judged. Audit it again first.`,
    )
  const suggestions = suggestTexts(facts.content, result.findings)
  if (suggestions.length === 0)
    throw new ConflictError(
      `Nothing that is wrong with ${facts.sku} can be mended by leaving words out: edit its product.`,
    )
  const { productId, locale, connectionId, sku } = facts
  return services.propose({
    kind: 'fix',
    key: `fix:${productId}:${locale}`,
    connectionId,
    title: `Mend ${suggestions.map(({ field }) => field).join(' and ')} of ${sku}`,
    reason: `Leaves out what these rules forbid: ${[...new Set(suggestions.flatMap(({ ruleIds }) => ruleIds))].join(', ')}. All listings of the product in ${locale} say it then.`,
    diff: suggestions.map(({ field, from, to }) => ({ subject: sku, field, from, to })),
    payload: {
      listingId,
      productId,
      locale,
      ...Object.fromEntries(suggestions.map(({ field, from, to }) => [field, { from, to }])),
    },
    costCalls: 1,
    ...(askedBy === undefined ? {} : { askedBy }),
  })
}
