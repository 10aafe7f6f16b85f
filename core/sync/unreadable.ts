import { and, eq, inArray } from 'drizzle-orm'
import type { Connection } from '../connections/connections.ts'
import type { Tx } from '../db/client.ts'
import { unreadableDocuments } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { fingerprint } from '../lib/crypto.ts'
import { raiseProblems, settleProblems } from '../problems/problems.ts'
import type { Unreadable } from '../sdk/model/order.ts'

type Source = Pick<Connection, 'id' | 'name'>

/** What nobody could read is kept as it came and becomes a problem; it holds up nothing else. */
export async function keepUnreadable(
  tx: Tx,
  connection: Source,
  kind: string,
  found: readonly Unreadable[],
  act: Act,
): Promise<void> {
  for (const document of found) {
    const values = { raw: storable(document.raw), reason: storableText(document.reason), seenAt: act.now }
    await tx
      .insert(unreadableDocuments)
      .values({ connectionId: connection.id, kind, key: keyOf(document), ...values })
      .onConflictDoUpdate({
        target: [unreadableDocuments.connectionId, unreadableDocuments.kind, unreadableDocuments.key],
        set: values,
      })
  }
  await raiseProblems(
    tx,
    found.map((document) => ({
      kind: 'unreadable' as const,
      key: problemKey(connection, kind, keyOf(document)),
      connectionId: connection.id,
      subject: document.externalId,
      message: storableText(
        `${kind} ${document.externalId ?? 'without id'} of ${connection.name} cannot be read: ${document.reason}`,
      ),
    })),
    act,
  )
}

/** These can be read by now: what was kept of them goes, and so does the problem. */
export async function settleReadable(
  tx: Tx,
  connection: Source,
  kind: string,
  externalIds: readonly string[],
  act: Act,
): Promise<void> {
  if (externalIds.length === 0) return
  const gone = await tx
    .delete(unreadableDocuments)
    .where(
      and(
        eq(unreadableDocuments.connectionId, connection.id),
        eq(unreadableDocuments.kind, kind),
        inArray(unreadableDocuments.key, [...externalIds]),
      ),
    )
    .returning({ key: unreadableDocuments.key })
  await settleProblems(
    tx,
    gone.map((row) => problemKey(connection, kind, row.key)),
    act,
  )
}

const keyOf = (document: Unreadable): string => document.externalId ?? fingerprint(document.raw).slice(0, 32)
const problemKey = (connection: Source, kind: string, key: string): string =>
  `unreadable:${connection.id}:${kind}:${key}`

/** PostgreSQL keeps no zero characters and no halves of a pair; nothing at all is kept as a word. */
const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
const storable = (raw: unknown): unknown =>
  JSON.parse(
    JSON.stringify(raw ?? 'nothing', (_key, value: unknown) =>
      typeof value === 'string' ? storableText(value) : value,
    ),
  )
