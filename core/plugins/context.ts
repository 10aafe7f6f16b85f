import type { Log } from '../lib/log.ts'
import type { PluginContext, PluginDb, PluginDefinition } from '../sdk/plugin.ts'
import { createServices, type EngineServices, type PluginHost } from './services.ts'
import { findPlugin, parseSettings, readPluginState } from './settings.ts'

/** What each plugin works with, made at its first use. The function throws NotFoundError for what is not installed. */
export function createPluginContexts(
  host: PluginHost,
  engineOf: (plugin: PluginDefinition) => EngineServices,
): (pluginId: string) => PluginContext {
  const contexts = new Map<string, PluginContext>()
  return (pluginId) => {
    const known = contexts.get(pluginId)
    if (known) return known
    const plugin = findPlugin(host.plugins, pluginId)
    const context: PluginContext = {
      log: logOf(host.log, pluginId),
      clock: host.clock,
      // The tables of the hub are none of a plugin's business: its client knows no schema.
      db: host.db as unknown as PluginDb,
      services: createServices(host, pluginId, engineOf(plugin)),
      settings: async () => parseSettings(plugin, (await readPluginState(host.db, pluginId)).settings),
    }
    contexts.set(pluginId, context)
    return context
  }
}

/** A log whose every line names the plugin. */
const logOf = (log: Log, plugin: string): Log => ({
  debug: (fields, message) => log.debug({ ...fields, plugin }, message),
  info: (fields, message) => log.info({ ...fields, plugin }, message),
  warn: (fields, message) => log.warn({ ...fields, plugin }, message),
  error: (fields, message) => log.error({ ...fields, plugin }, message),
})
