import { type Command, Option } from 'commander'
import { assertPlugins } from '../../plugins/check.ts'
import { InputError } from '../../sdk/errors.ts'
import type { PluginCommand, PluginDefinition } from '../../sdk/plugin.ts'
import { createOutput, exitCodes, type Output, printable, reportError } from '../output.ts'
import { cliAct, type GlobalOptions, loadConfig, withHub } from '../session.ts'

/** `entrepot plugin list` */
export function pluginCommands(program: Command): void {
  program
    .command('plugin')
    .description('what is installed beside the connectors')
    .command('list', { isDefault: true })
    .description('each plugin with what it brings')
    .action(async (_options: unknown, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions>()
      const output = createOutput(options.json === true)
      try {
        const { plugins } = await loadConfig(options)
        assertPlugins(plugins)
        const found = plugins.map(describePlugin)
        output.json(found)
        output.table(found.map((plugin) => toRow({ ...plugin, routes: plugin.routes ? 'yes' : '' })))
        if (found.length === 0) output.line('No plugin is installed.')
        process.exitCode = exitCodes.ok
      } catch (error) {
        process.exitCode = reportError(output, error)
      }
    })
}

const describePlugin = (plugin: PluginDefinition) => ({
  id: plugin.id,
  name: plugin.name,
  events: Object.keys(plugin.on ?? {}),
  filters: Object.keys(plugin.filter ?? {}),
  jobs: (plugin.jobs ?? []).map(({ id, cron, timeZone = 'UTC' }) => `${id} (${cron} ${timeZone})`),
  routes: plugin.routes !== undefined,
  commands: (plugin.commands ?? []).map(({ name }) => name),
  tables: (plugin.tables ?? []).map(({ id }) => id),
  shipping: Object.keys(plugin.shipping ?? {}),
})

/**
 * Adds `entrepot <plugin id> <command>` for every plugin that has commands.
 * @throws InputError when a plugin claims a name of the hub's own.
 */
export async function addPluginCommands(program: Command, options: GlobalOptions): Promise<void> {
  const { plugins } = await loadConfig(options)
  assertPlugins(plugins)
  for (const plugin of plugins) {
    if (!plugin.commands?.length) continue
    if (plugin.id === 'help' || program.commands.some((command) => command.name() === plugin.id))
      throw new InputError(
        `Plugin "${plugin.id}" cannot have commands: "entrepot ${plugin.id}" is the hub's own. Give it another id.`,
      )
    const group = program.command(plugin.id).description(plugin.name)
    for (const command of plugin.commands) addCommand(group, plugin, command, program.options)
  }
}

function addCommand(
  group: Command,
  plugin: PluginDefinition,
  command: PluginCommand,
  globals: readonly Option[],
): void {
  const built = group.command(command.name).description(command.description)
  for (const { name, description, isOptional, isMany } of command.args ?? []) {
    const shown = `${name}${isMany ? '...' : ''}`
    built.argument(isOptional ? `[${shown}]` : `<${shown}>`, description)
  }
  const options = (command.options ?? []).map(({ name, description, default: usual }) => {
    if (name === 'help' || globals.some((option) => option.long === `--${name}`))
      throw new InputError(
        `Command "${command.name}" of plugin "${plugin.id}" cannot have the option --${name}: it is the hub's own.`,
      )
    const option = new Option(`--${name} <value>`, description)
    if (usual !== undefined) option.default(usual)
    built.addOption(option)
    return { name, key: option.attributeName() }
  })
  built.action(() =>
    withHub(built.optsWithGlobals(), async (hub, output) => {
      const progress = output.progress(`${plugin.id} ${command.name}`)
      const given = Object.fromEntries(
        options.map(({ name, key }) => [name, built.getOptionValue(key) as string | undefined]),
      )
      try {
        const result = await command.run(
          { args: built.args, options: given, actor: cliAct().actor },
          { ...hub.pluginContext(plugin.id), progress: progress.set },
        )
        progress.end()
        print(output, result)
        return exitCodes.ok
      } finally {
        progress.end()
      }
    }),
  )
}

/** Rows as a table, text as text, anything else as JSON. */
function print(output: Output, result: unknown): void {
  output.json(result ?? null)
  if (result === undefined || result === null) return
  if (Array.isArray(result) && result.every(isObject)) {
    const rows = result.map(toRow)
    if (rows.length === 0) output.line('There is nothing to show.')
    else output.table(rows, [...new Set(rows.flatMap(Object.keys))])
  } else {
    const text = typeof result === 'string' ? result : JSON.stringify(result, null, 2)
    for (const line of text.split('\n')) output.line(printable(line))
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const toRow = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toCell(value)]))

function toCell(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ')
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : value
}
