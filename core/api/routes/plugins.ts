import { Hono } from 'hono'
import type { PluginDefinition } from '../../sdk/plugin.ts'
import type { Hub } from '../../sync/hub.ts'

/** What a plugin answers below /plugins/<id>. One whose routes cannot be made fails there, and nowhere else. */
export function pluginRoutes(hub: Hub, plugin: PluginDefinition): Hono {
  try {
    return plugin.routes?.(hub.pluginContext(plugin.id)) ?? new Hono()
  } catch (error) {
    return new Hono().all('*', () => {
      throw error
    })
  }
}
