import type { Connection } from '../connections/connections.ts'
import { type Aspect, aspects } from '../sdk/model/listing.ts'
import { pushOf } from './aspects.ts'
import { connectorOf, type Hub } from './hub.ts'
import { callsOf, planPush, toBatches } from './plan.ts'
import { approvedSteps } from './price-steps.ts'
import { claimDirty, countDirty } from './push-state.ts'

export type PreviewLine = {
  aspect: Aspect
  sku: string
  field: string
  from: string | null
  to: string | null
  reason: string
}
export type Preview = {
  lines: PreviewLine[]
  blocked: { aspect: Aspect; sku: string; reason: string }[]
  unchanged: number
  calls: number
}

const pageSize = 1000

/** What a sync would send now, field by field with its reason, and how many calls it would cost. Sends nothing. */
export async function previewSync(
  hub: Hub,
  connection: Connection,
  wanted: readonly Aspect[] = aspects,
): Promise<Preview> {
  const preview: Preview = { lines: [], blocked: [], unchanged: 0, calls: 0 }
  const connector = connectorOf(hub.connectors, connection)
  for (const aspect of wanted) {
    const push = pushOf(connector.operations, aspect)
    if (!push) continue
    const now = hub.clock.now()
    const isLong =
      push.bulk !== undefined &&
      (await countDirty(hub.db, connection.id, aspect, now, push.bulk.fromItems)) >= push.bulk.fromItems
    const form = isLong ? push.bulk! : push
    const toSend = []
    for (let after = ''; ; ) {
      const page = await claimDirty(hub.db, connection.id, aspect, now, pageSize, after)
      if (page.length === 0) break
      const plan = await planPush(
        { hub, connection },
        aspect,
        page,
        await approvedSteps(hub.db, aspect, page),
      )
      toSend.push(...plan.toSend)
      preview.unchanged += plan.unchanged.length
      preview.blocked.push(
        ...plan.blocked.map(({ item, problem }) => ({ aspect, sku: item.ref.sku, reason: problem.message })),
      )
      preview.blocked.push(
        ...plan.steps.map(({ item, shareText }) => ({
          aspect,
          sku: item.ref.sku,
          reason: `a step of ${shareText} needs approval`,
        })),
      )
      after = page.at(-1)!.listingId
    }
    preview.calls += callsOf(form, toBatches(form, toSend))
    for (const item of toSend) {
      const reason =
        item.terms.map((term) => `${term.label} = ${term.value}`).join('; ') || 'the product changed'
      preview.lines.push(...item.diff.map((line) => ({ aspect, sku: item.ref.sku, ...line, reason })))
    }
  }
  return preview
}
