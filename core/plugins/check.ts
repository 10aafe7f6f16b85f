import { InputError } from '../sdk/errors.ts'
import type { PluginDefinition } from '../sdk/plugin.ts'

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** What every table, index, sequence, view, type and function of a plugin starts with. */
export const prefixOf = (pluginId: string): string => `${pluginId.replaceAll('-', '_')}_`

/** Looks at what is declared, before any of it runs. @throws InputError naming the plugin and what to correct. */
export function assertPlugins(plugins: readonly PluginDefinition[]): void {
  for (const plugin of plugins) {
    if (!kebab.test(plugin.id))
      throw new InputError(`The plugin id "${plugin.id}" is not lower-case kebab, like "carrier-costs".`)
    assertOnce(plugin.id, 'migration', plugin.tables)
    assertOnce(plugin.id, 'job', plugin.jobs)
    assertOnce(
      plugin.id,
      'command',
      plugin.commands?.map(({ name }) => ({ id: name })),
    )
  }
  const twice = findTwice(plugins)
  if (twice) throw new InputError(`Two plugins have the id "${twice}": hub.config.ts may install one.`)
}

function assertOnce(pluginId: string, what: string, items: readonly { id: string }[] = []): void {
  const twice = findTwice(items)
  if (twice) throw new InputError(`Plugin "${pluginId}" declares the ${what} "${twice}" twice.`)
}

const findTwice = (items: readonly { id: string }[]): string | undefined =>
  items.find(({ id }, index) => items.findIndex((other) => other.id === id) !== index)?.id
