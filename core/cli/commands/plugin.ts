import { type Command, Option } from 'commander'
import { assertPlugins } from '../../plugins/check.ts'
import { writePlugin } from '../../plugins/new.ts'
import {
  assertEnabled,
  findPlugin,
  readActivePlugins,
  readPluginState,
  savePluginSettings,
  setPluginEnabled,
  settingsSchema,
} from '../../plugins/settings.ts'
import { InputError } from '../../sdk/errors.ts'
import type { PluginCommand, PluginDefinition } from '../../sdk/plugin.ts'
import { createOutput, exitCodes, type Output, printable, reportError } from '../output.ts'
import { cliAct, type GlobalOptions, loadConfig, withHub } from '../session.ts'

/** `entrepot plugin list|show|set|enable|disable|new` */
export function pluginCommands(program: Command): void {
  const group = program.command('plugin').description('what is installed beside the connectors')
  group
    .command('list', { isDefault: true })
    .description('each plugin with what it brings')
    .action((_options: unknown, self: Command) =>
      withHub(self.optsWithGlobals(), async (hub, output) => {
        const active = new Set((await readActivePlugins(hub.db, hub.plugins)).map(({ plugin }) => plugin.id))
        const found = hub.plugins.map((plugin) => summarise(plugin, active.has(plugin.id)))
        output.json(found)
        output.table(
          found.map((plugin) =>
            toRow({ ...plugin, enabled: plugin.enabled ? 'yes' : 'no', routes: plugin.routes ? 'yes' : '' }),
          ),
        )
        if (found.length === 0) output.line('No plugin is installed.')
        return exitCodes.ok
      }),
    )
  group
    .command('show')
    .argument('<id>')
    .description('the settings of a plugin, with what each means')
    .action((id: string, _options: unknown, self: Command) =>
      withHub(self.optsWithGlobals(), async (hub, output) => {
        const plugin = findPlugin(hub.plugins, id)
        const { isEnabled, settings, revision } = await readPluginState(hub.db, id)
        const form = settingsSchema(plugin) as { properties?: Record<string, Field> } | null
        output.json({ id, isEnabled, settings, revision, form })
        output.line(`${plugin.name} is switched ${isEnabled ? 'on' : 'off'}.`)
        const fields = Object.entries(form?.properties ?? {})
        output.table(
          fields.map(([name, field]) => ({
            setting: name,
            value: shown(settings[name] ?? field.default),
            set: name in settings ? 'yes' : 'default',
            meaning: [field.title, field.description].filter(Boolean).join(': '),
          })),
        )
        if (fields.length === 0) output.line('It has no settings.')
        return exitCodes.ok
      }),
    )
  group
    .command('set')
    .argument('<id>')
    .argument('<settings...>', 'such as graceDays=30; an empty value goes back to the default')
    .description('change settings of a plugin')
    .action((id: string, given: string[], _options: unknown, self: Command) =>
      withHub(self.optsWithGlobals(), async (hub, output) => {
        const plugin = findPlugin(hub.plugins, id)
        const { settings, revision } = await readPluginState(hub.db, id)
        const next = given.reduce(withSetting, settings)
        const saved = await hub.db.transaction((tx) =>
          savePluginSettings(tx, plugin, { settings: next, revision }, cliAct()),
        )
        output.json(saved)
        output.line(`Saved: ${JSON.stringify(saved.settings)}`)
        return exitCodes.ok
      }),
    )
  for (const [verb, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    group
      .command(verb)
      .argument('<id>')
      .description(isEnabled ? 'switch a plugin on' : 'switch a plugin off; its tables and settings stay')
      .action((id: string, _options: unknown, self: Command) =>
        withHub(self.optsWithGlobals(), async (hub, output) => {
          const plugin = findPlugin(hub.plugins, id)
          const saved = await hub.db.transaction((tx) => setPluginEnabled(tx, plugin, isEnabled, cliAct()))
          output.json({ id, isEnabled: saved.isEnabled })
          output.line(`${plugin.name} is switched ${isEnabled ? 'on' : 'off'}.`)
          return exitCodes.ok
        }),
      )
  group
    .command('new')
    .argument('<id>', 'lower-case kebab, such as late-orders')
    .option('--name <name>', 'what operators read; made of the id unless given')
    .option('--project <folder>', 'the folder that holds hub.config.ts', '.')
    .description('write the skeleton of a plugin with its test')
    .action(async (id: string, wish: { name?: string; project: string }, self: Command) => {
      const output = createOutput(self.optsWithGlobals<GlobalOptions>().json === true)
      try {
        const files = await writePlugin({ id, name: wish.name, root: wish.project })
        output.json({ id, files })
        for (const file of files) output.line(`Wrote ${file}.`)
        output.line('Next: name it in hub.config.ts.')
        process.exitCode = exitCodes.ok
      } catch (error) {
        process.exitCode = reportError(output, error)
      }
    })
}

type Field = { title?: string; description?: string; default?: unknown }

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null))

/** `name=value`, the value as JSON where it is some, else as text. */
function withSetting(settings: Record<string, unknown>, given: string): Record<string, unknown> {
  const at = given.indexOf('=')
  if (at < 1) throw new InputError(`"${given}" is no setting like graceDays=30.`, 'settings')
  const [name, text] = [given.slice(0, at), given.slice(at + 1)]
  const { [name]: _old, ...rest } = settings
  return text === '' ? rest : { ...rest, [name]: readValue(text) }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const summarise = (plugin: PluginDefinition, enabled: boolean) => ({
  id: plugin.id,
  name: plugin.name,
  enabled,
  events: Object.keys(plugin.on ?? {}),
  filters: Object.keys(plugin.filter ?? {}),
  jobs: (plugin.jobs ?? []).map(({ id, cron, timeZone = 'UTC' }) => `${id} (${cron} ${timeZone})`),
  routes: plugin.routes !== undefined,
  panels: (plugin.panels ?? []).map(({ id }) => id),
  proposals: Object.keys(plugin.proposals ?? {}),
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
        await assertEnabled(hub.db, plugin)
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
