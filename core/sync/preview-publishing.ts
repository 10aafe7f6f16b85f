import type { Connection } from '../connections/connections.ts'
import type { Tx } from '../db/client.ts'
import { tryOut } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { loadDrafts } from '../listings/draft.ts'
import { readActivePlugins } from '../plugins/settings.ts'
import { type AspectValue, diffValues, type FieldDiff } from './aspects.ts'
import type { Hub } from './hub.ts'
import { judgeDraft } from './judge-draft.ts'
import { publishProducts } from './publish.ts'

/** What listing one variant would tell the platform, or why it would not be listed. */
export type PreviewCreation = {
  productId: string
  sku: string
  outcome: 'create' | 'blocked'
  changes: FieldDiff[]
  reason: string | null
}

/**
 * What publishing products on a connection would send, variant by variant, found by publishing them and taking it back
 * before anybody sees it. What is listed there already is not among them.
 */
export const previewPublishing = (
  hub: Hub,
  connection: Connection,
  productIds: readonly string[],
  act: Act,
): Promise<PreviewCreation[]> =>
  tryOut(hub.db, async (tx) => {
    await publishProducts(tx, connection.id, productIds, act)
    return readCreations(tx, hub, connection, productIds)
  })

async function readCreations(
  tx: Tx,
  hub: Hub,
  connection: Connection,
  productIds: readonly string[],
): Promise<PreviewCreation[]> {
  const { drafts, unlistable } = await loadDrafts(tx, connection.id, productIds, hub.clock.now())
  const plugins = await readActivePlugins(tx, hub.plugins)
  const judged = [...drafts].flatMap(([productId, loaded]) => {
    const { draft, stopped } = judgeDraft(plugins, connection, loaded)
    return [
      ...(draft?.variants ?? []).map(({ sku, content, price, sale, quantity }) =>
        toCreated(productId, sku, { content, price: { price, sale }, stock: { quantity } }),
      ),
      ...stopped.map(({ sku, message }) => toBlocked(productId, sku, message)),
    ]
  })
  const kept = unlistable.map(({ productId, sku, message }) => toBlocked(productId, sku, message))
  return [...judged, ...kept].sort((a, b) => (a.sku < b.sku ? -1 : 1))
}

const toCreated = (
  productId: string,
  sku: string,
  values: Record<'content' | 'price' | 'stock', AspectValue>,
): PreviewCreation => ({
  productId,
  sku,
  outcome: 'create',
  changes: (['content', 'price', 'stock'] as const).flatMap((aspect) =>
    diffValues(aspect, null, values[aspect]),
  ),
  reason: null,
})

const toBlocked = (productId: string, sku: string, reason: string): PreviewCreation => ({
  productId,
  sku,
  outcome: 'blocked',
  changes: [],
  reason,
})
