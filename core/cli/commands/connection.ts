import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { z } from 'zod'
import { changeConnection } from '../../connections/change.ts'
import {
  addConnection,
  findConnection,
  listConnections,
  listSchedules,
  pauseConnection,
  replaceCredentials,
  resumeConnection,
  setSchedule,
} from '../../connections/connections.ts'
import { type ScheduledTask, scheduledTasks } from '../../sdk/connector.ts'
import { InputError, NotFoundError } from '../../sdk/errors.ts'
import { connectorOf } from '../../sync/hub.ts'
import { assertCron } from '../../sync/schedule.ts'
import { exitCodes } from '../output.ts'
import { cliAct, withHub } from '../session.ts'

type AddOptions = {
  name?: string
  set: string[]
  secretsFile?: string
  local?: boolean
  live?: boolean
  currency?: string
  locale?: string
  ordersFrom?: string
}

type SetOptions = { name?: string; set: string[]; secretsFile?: string }

const collect = (value: string, all: string[]) => [...all, value]

/** `entrepot connection …` */
export function connectionCommands(program: Command): void {
  const group = program.command('connection').description('accounts on marketplaces')
  group
    .command('add')
    .argument('<connector>', 'what is installed, such as woocommerce or amazon')
    .description(
      'add an account; secrets are read from a file or from standard input, never from the command line',
    )
    .option('--name <name>', 'how to call it; the connector unless given')
    .option('--set <field=value>', 'a setting; may be repeated', collect, [])
    .option('--secrets-file <file>', 'JSON with the credentials; "-" reads standard input')
    .option('--local', 'the shop is in our own network: private addresses may be called')
    .option('--live', 'send at once; without it the connection only reads until it is resumed')
    .option('--currency <code>', 'ISO 4217 code of its prices')
    .option('--locale <tag>', 'language of its texts, such as de-DE')
    .option('--orders-from <instant>', 'orders placed before take nothing from stock; now unless given')
    .action((connectorId: string, options: AddOptions, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connector = hub.connectors.get(connectorId)
        if (!connector)
          throw new NotFoundError(
            `There is no connector "${connectorId}". Installed are: ${[...hub.connectors.keys()].join(', ')}.`,
          )
        const input = {
          name: options.name ?? connectorId,
          settings: Object.fromEntries(options.set.map(splitSetting)),
          credentials: readSecrets(options.secretsFile, connector.credentials),
          isLocal: options.local ?? false,
          // A courier sends nothing by itself: it books what a person or a batch asks for.
          isObserving: !options.live && connector.kind === 'marketplace',
          ...(options.currency ? { currency: options.currency } : {}),
          ...(options.locale ? { locale: options.locale } : {}),
          ...(options.ordersFrom ? { ordersFrom: readInstant(options.ordersFrom) } : {}),
        }
        const connection = await hub.db.transaction((tx) =>
          addConnection(tx, hub.key, connector, input, cliAct()),
        )
        output.json({ id: connection.id, name: connection.name })
        output.line(`Added ${connection.name} (${connection.id}).`)
        if (connection.status === 'observing')
          output.line('It only reads for now: look at "sync --dry-run", then say "connection resume".')
        output.line(`Next: entrepot connection test "${connection.name}"`)
        return exitCodes.ok
      }),
    )
  group
    .command('test')
    .argument('<connection>')
    .description('prove that address and credentials work')
    .action((name: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        const answer = await connectorOf(hub.connectors, connection).check(
          await hub.openClient(connection, true),
        )
        output.json({ ok: true, message: answer })
        output.line(answer)
        return exitCodes.ok
      }),
    )
  group
    .command('set')
    .argument('<connection>')
    .description('correct settings or credentials')
    .option('--name <name>', 'another name')
    .option('--set <field=value>', 'a setting; may be repeated', collect, [])
    .option('--secrets-file <file>', 'JSON with all credentials; "-" reads standard input')
    .action((name: string, options: SetOptions, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        const connector = connectorOf(hub.connectors, connection)
        const settings =
          options.set.length > 0 ? Object.fromEntries(options.set.map(splitSetting)) : undefined
        await hub.db.transaction(async (tx) => {
          await changeConnection(tx, connector, connection, { name: options.name, settings }, cliAct())
          if (!options.secretsFile) return
          const secrets = readSecrets(options.secretsFile, connector.credentials)
          await replaceCredentials(tx, hub.key, connector, connection.id, secrets, cliAct())
        })
        const called = options.name ?? connection.name
        output.json({ id: connection.id })
        output.line(`${called} is corrected. If it was paused: entrepot connection resume "${called}"`)
        return exitCodes.ok
      }),
    )
  group
    .command('list')
    .description('all accounts')
    .action((_options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const all = await listConnections(hub.db)
        output.json(
          all.map(({ id, name, connector, status, pausedReason, currency, locale }) => ({
            id,
            name,
            connector,
            status,
            pausedReason,
            currency,
            locale,
          })),
        )
        if (all.length === 0)
          output.line('There is no connection yet. Add one with: entrepot connection add <connector>')
        else
          output.table(
            all.map((c) => ({
              name: c.name,
              connector: c.connector,
              status: c.status,
              currency: c.currency,
              locale: c.locale,
              reason: c.pausedReason,
            })),
          )
        return exitCodes.ok
      }),
    )
  group
    .command('pause')
    .argument('<connection>')
    .option('--reason <text>', 'why', 'paused by an operator')
    .description('stop syncing; what changes meanwhile is sent after resuming')
    .action((name: string, options: { reason: string }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        await hub.db.transaction((tx) => pauseConnection(tx, connection.id, options.reason, cliAct()))
        output.json({ id: connection.id, status: 'paused' })
        output.line(`${connection.name} is paused.`)
        return exitCodes.ok
      }),
    )
  group
    .command('resume')
    .argument('<connection>')
    .description('go on syncing')
    .action((name: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        await hub.db.transaction((tx) => resumeConnection(tx, connection.id, cliAct()))
        output.json({ id: connection.id, status: 'active' })
        output.line(`${connection.name} is active.`)
        return exitCodes.ok
      }),
    )
}

/** `entrepot schedule …` */
export function scheduleCommands(program: Command): void {
  const group = program.command('schedule').description('when each task of a connection runs')
  group
    .command('list')
    .argument('[connection]')
    .action((name: string | undefined, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connections = new Map((await listConnections(hub.db)).map((c) => [c.id, c.name]))
        const all = await listSchedules(hub.db, name ? (await findConnection(hub.db, name)).id : undefined)
        output.json(all)
        output.table(
          all.map((s) => ({
            connection: connections.get(s.connectionId),
            task: s.task,
            cron: s.cron,
            timeZone: s.timeZone,
            enabled: s.isEnabled ? 'yes' : 'no',
            lastTick: s.lastTickAt?.toISOString(),
          })),
        )
        return exitCodes.ok
      }),
    )
  group
    .command('set')
    .argument('<connection>')
    .argument('<task>', scheduledTasks.join(', '))
    .option('--cron <line>', 'such as "*/5 * * * *"')
    .option('--time-zone <zone>', 'such as Europe/Berlin')
    .option('--on', 'let it run')
    .option('--off', 'do not let it run')
    .action(
      (
        name: string,
        task: string,
        options: { cron?: string; timeZone?: string; on?: boolean; off?: boolean },
        command: Command,
      ) =>
        withHub(command.optsWithGlobals(), async (hub, output) => {
          if (!(scheduledTasks as readonly string[]).includes(task))
            throw new InputError(`"${task}" is no task. There are: ${scheduledTasks.join(', ')}.`, 'task')
          if (options.cron || options.timeZone) assertCron(options.cron ?? '* * * * *', options.timeZone)
          const connection = await findConnection(hub.db, name)
          const change = {
            ...(options.cron ? { cron: options.cron } : {}),
            ...(options.timeZone ? { timeZone: options.timeZone } : {}),
            ...(options.on ? { isEnabled: true } : options.off ? { isEnabled: false } : {}),
          }
          await hub.db.transaction((tx) =>
            setSchedule(tx, connection.id, task as ScheduledTask, change, cliAct()),
          )
          output.json({ ok: true })
          output.line(`The schedule of ${task} on ${connection.name} is set.`)
          return exitCodes.ok
        }),
    )
}

function splitSetting(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new InputError(`"${text}" is no setting like url=https://shop.example.`, 'set')
  const value = text.slice(at + 1)
  return [text.slice(0, at), value.startsWith('{') || value.startsWith('[') ? parseJson(value) : value]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError('What starts with { or [ must be JSON.')
  }
}

/** Secrets come from a file, from standard input, or from ENTREPOT_<FIELD> in the environment. */
function readSecrets(file: string | undefined, schema: z.ZodType): Record<string, unknown> {
  if (file) return parseJson(readFileSync(file === '-' ? 0 : file, 'utf8')) as Record<string, unknown>
  const fields = Object.keys(
    (z.toJSONSchema(schema, { io: 'input' }) as { properties?: object }).properties ?? {},
  )
  const named = fields.map(
    (field) => [field, process.env[`ENTREPOT_${field.replace(/([A-Z])/g, '_$1').toUpperCase()}`]] as const,
  )
  return Object.fromEntries(named.filter(([, value]) => value !== undefined))
}

function readInstant(text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime()))
    throw new InputError(`"${text}" is no instant like 2026-01-31T00:00:00Z.`, 'orders-from')
  return at
}
