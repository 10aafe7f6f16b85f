import { and, eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { hubSettings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError } from '../sdk/errors.ts'

/** What an admin decides for the whole hub. */
export type HubSettings = {
  /** A proposal that a person made waits for another person. */
  needsSecondPerson: boolean
}
export type SettingsState = HubSettings & {
  revision: number
  changedBy: string | null
  changedAt: Date | null
}

const settingsKey = 'decisions'
const defaults: HubSettings = { needsSecondPerson: true }

export async function readHubSettings(db: DbOrTx): Promise<SettingsState> {
  const [row] = await db.select().from(hubSettings).where(eq(hubSettings.key, settingsKey))
  const { revision = 0, changedBy = null, changedAt = null } = row ?? {}
  return { ...defaults, ...(row?.value as Partial<HubSettings>), revision, changedBy, changedAt }
}

/** @throws ConflictError when others changed them meanwhile */
export async function changeHubSettings(
  tx: Tx,
  { revision, ...wanted }: HubSettings & { revision: number },
  act: Act,
): Promise<SettingsState> {
  const change = { value: wanted, revision: revision + 1, changedBy: act.actor, changedAt: act.now }
  const before = await readHubSettings(tx)
  const isEdited = and(eq(hubSettings.key, settingsKey), eq(hubSettings.revision, revision))
  const saved =
    revision === 0
      ? await tx
          .insert(hubSettings)
          .values({ key: settingsKey, ...change })
          .onConflictDoNothing()
          .returning()
      : await tx.update(hubSettings).set(change).where(isEdited).returning()
  if (saved.length === 0)
    throw new ConflictError(
      `${before.changedBy ?? 'Somebody'} changed the settings meanwhile. Look at them, then change them again.`,
    )
  const { needsSecondPerson } = before
  await appendAudit(tx, act, {
    action: 'settings.changed',
    subject: 'hub',
    before: { needsSecondPerson },
    after: wanted,
  })
  return readHubSettings(tx)
}
