import { eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { pluginSettings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError, NotFoundError } from '../sdk/errors.ts'
import type { PluginDefinition } from '../sdk/plugin.ts'

/** A plugin that operators have not switched off. */
export type ActivePlugin = {
  plugin: PluginDefinition
  /** What its handlers get. @throws InputError when what is stored does not fit the plugin's schema. */
  settings(): unknown
}

export type PluginState = { isEnabled: boolean; settings: Record<string, unknown>; revision: number }

const untouched: PluginState = { isEnabled: true, settings: {}, revision: 0 }

/** An installed plugin. @throws NotFoundError */
export function findPlugin(plugins: readonly PluginDefinition[], id: string): PluginDefinition {
  const found = plugins.find((plugin) => plugin.id === id)
  if (!found) throw new NotFoundError(`The plugin "${id}" is not installed: hub.config.ts does not name it.`)
  return found
}

/** @throws ConflictError when operators have switched it off. */
export async function assertEnabled(db: DbOrTx, plugin: PluginDefinition): Promise<void> {
  if ((await readPluginState(db, plugin.id)).isEnabled) return
  throw new ConflictError(
    `The plugin "${plugin.id}" is switched off: "entrepot plugin enable ${plugin.id}" switches it on.`,
  )
}

/** What operators set for plugins, by id. */
async function readStates(db: DbOrTx, ids: readonly string[]): Promise<Map<string, PluginState>> {
  if (ids.length === 0) return new Map()
  const found = await db
    .select()
    .from(pluginSettings)
    .where(inArray(pluginSettings.pluginId, [...ids]))
  return new Map(found.map((row) => [row.pluginId, row]))
}

/** What operators set for a plugin; of one that nobody touched, the defaults. */
export async function readPluginState(db: DbOrTx, pluginId: string): Promise<PluginState> {
  return (await readStates(db, [pluginId])).get(pluginId) ?? untouched
}

/** The plugins that are switched on, with their settings of now. */
export async function readActivePlugins(
  db: DbOrTx,
  plugins: readonly PluginDefinition[],
): Promise<ActivePlugin[]> {
  const states = await readStates(
    db,
    plugins.map(({ id }) => id),
  )
  return plugins.flatMap((plugin) => {
    const { isEnabled, settings } = states.get(plugin.id) ?? untouched
    return isEnabled ? [{ plugin, settings: () => parseSettings(plugin, settings) }] : []
  })
}

/** Settings as the plugin's schema reads them, defaults filled in. @throws InputError naming plugin and field. */
export function parseSettings(plugin: PluginDefinition, settings: unknown): unknown {
  if (!plugin.settings) return {}
  const result = plugin.settings.safeParse(settings)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') ?? ''
  throw new InputError(
    `The settings of plugin "${plugin.id}" do not fit: ${field ? `${field}: ` : ''}${issue?.message}. Correct them with "entrepot plugin set ${plugin.id} <field>=<value>".`,
    field || 'settings',
  )
}

/** The settings' form, as JSON Schema; null when the plugin has none. */
export const settingsSchema = ({ settings }: PluginDefinition): Record<string, unknown> | null =>
  settings ? { ...z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) } : null

/**
 * Replaces the settings of a plugin. `revision` is the one that was edited: an edit of another in between is a
 * conflict, not lost. @throws InputError, ConflictError; nothing is changed then
 */
export async function savePluginSettings(
  tx: Tx,
  plugin: PluginDefinition,
  edit: { settings: Record<string, unknown>; revision?: number | undefined },
  act: Act,
): Promise<PluginState> {
  if (!plugin.settings) throw new InputError(`Plugin "${plugin.id}" has no settings.`, 'settings')
  parseSettings(plugin, edit.settings)
  return change(tx, plugin, edit.revision, { settings: edit.settings }, 'plugin.settings_changed', act)
}

/** Switches a plugin on or off. Its tables and settings stay. */
export const setPluginEnabled = (
  tx: Tx,
  plugin: PluginDefinition,
  isEnabled: boolean,
  act: Act,
): Promise<PluginState> =>
  change(tx, plugin, undefined, { isEnabled }, isEnabled ? 'plugin.enabled' : 'plugin.disabled', act)

async function change(
  tx: Tx,
  { id: pluginId }: PluginDefinition,
  revision: number | undefined,
  edit: Partial<Pick<PluginState, 'isEnabled' | 'settings'>>,
  action: string,
  act: Act,
): Promise<PluginState> {
  const stamp = { updatedAt: act.now, updatedBy: act.actor }
  await tx
    .insert(pluginSettings)
    .values({ pluginId, revision: 0, ...stamp })
    .onConflictDoNothing()
  const [before] = await tx
    .select()
    .from(pluginSettings)
    .where(eq(pluginSettings.pluginId, pluginId))
    .for('update')
  if (revision !== undefined && revision !== before!.revision)
    throw new ConflictError(
      `The settings of plugin "${pluginId}" were changed by ${before!.updatedBy} in between. Read them again.`,
    )
  const [after] = await tx
    .update(pluginSettings)
    .set({ ...edit, ...stamp, revision: before!.revision + 1 })
    .where(eq(pluginSettings.pluginId, pluginId))
    .returning()
  const said = ({ isEnabled, settings }: PluginState) => ({ isEnabled, settings })
  await appendAudit(tx, act, { action, subject: pluginId, before: said(before!), after: said(after!) })
  return after!
}
