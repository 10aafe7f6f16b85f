import type { Command } from 'commander'
import { findProductsBySku } from '../../catalog/catalog.ts'
import { findConnection } from '../../connections/connections.ts'
import { findListings } from '../../listings/find.ts'
import { InputError } from '../../sdk/errors.ts'
import { type Aspect, aspects } from '../../sdk/model/listing.ts'
import { relist, requestEnding } from '../../sync/end.ts'
import { previewSync } from '../../sync/preview.ts'
import { publishProducts } from '../../sync/publish.ts'
import { runTask, type Task } from '../../sync/tasks.ts'
import { exitCodes } from '../output.ts'
import { cliAct, withHub } from '../session.ts'

type SyncOptions = { aspect?: string; dryRun?: boolean }

/** Orders first, so that the stock which goes out knows of every sale. */
const order: readonly Task[] = ['once', 'orders', 'content', 'price', 'stock']

/** `entrepot sync` and `publish`. */
export function syncCommands(program: Command): void {
  program
    .command('sync')
    .argument('<connection>')
    .option('--aspect <name>', `only one of orders, ${aspects.join(', ')}, reconcile`)
    .option(
      '--dry-run',
      'show what would be sent, field by field with its reason, and what it would cost in calls',
    )
    .description('bring a marketplace in step now')
    .action((name: string, options: SyncOptions, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        const tasks = tasksOf(options.aspect)
        if (options.dryRun) {
          const wanted = tasks.filter((task): task is Aspect => (aspects as readonly string[]).includes(task))
          const preview = await previewSync(hub, connection, wanted)
          output.json(preview)
          output.table(
            preview.lines.map((line) => ({
              ...line,
              from: line.from ?? '(nothing)',
              to: line.to ?? '(nothing)',
            })),
            ['sku', 'aspect', 'field', 'from', 'to', 'reason'],
          )
          for (const { operation, calls } of preview.once) output.line(`${operation}: ${calls} calls`)
          for (const blocked of preview.blocked) output.line(`Not sent: ${blocked.sku}: ${blocked.reason}`)
          output.line(
            `${preview.lines.length} fields would change in ${preview.calls} calls; ${preview.blocked.length} held back. Nothing was sent.`,
          )
          return exitCodes.ok
        }
        const results: Record<string, unknown> = {}
        let code: number = exitCodes.ok
        for (const task of tasks) {
          const outcome = await runTask(hub, task, connection.id)
          results[task] =
            'counts' in outcome
              ? outcome.counts
              : 'error' in outcome
                ? { failed: outcome.error.message }
                : { state: outcome.state }
          if (outcome.state === 'failed') code = exitCodes.platform
          output.line(`${task}: ${describe(outcome.state, results[task])}`)
        }
        output.json(results)
        return code
      }),
    )
  program
    .command('publish')
    .argument('<connection>')
    .argument('[skus...]', 'the SKUs whose products to list')
    .option('--all', 'every product that is not listed there yet')
    .description('list products on a marketplace; a running hub makes the calls, or the next sync')
    .action((name: string, skus: string[], options: { all?: boolean }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        if (skus.length === 0 && !options.all)
          throw new InputError('Name the SKUs to publish, or say --all.', 'skus')
        const connection = await findConnection(hub.db, name)
        const products = options.all ? 'all' : await findProductsBySku(hub.db, skus)
        const progress = output.progress('Products prepared')
        const waiting = await publishProducts(hub.db, connection.id, products, cliAct(), (done) =>
          progress.set(done, null),
        )
        progress.end()
        output.json({ waiting })
        output.line(`${waiting} products wait to be listed on ${connection.name}.`)
        return exitCodes.ok
      }),
    )
}

/** `entrepot end` and `relist`. */
export function shelfCommands(program: Command): void {
  program
    .command('end')
    .argument('<connection>')
    .argument('<skus...>')
    .requiredOption('--reason <text>', 'why; it stays in the audit log')
    .description('take listings off the shelf; more than the cap of the connection becomes a proposal')
    .action((name: string, skus: string[], options: { reason: string }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        const found = await findListings(hub.db, connection.id, skus)
        const proposal = await hub.db.transaction((tx) =>
          requestEnding(tx, connection, found, options.reason, cliAct()),
        )
        output.json({ listings: found.length, proposal })
        output.line(
          proposal
            ? `That is more than may be ended at once: proposal ${proposal} waits for approval.`
            : `${found.length} listings will be ended on ${connection.name}.`,
        )
        return exitCodes.ok
      }),
    )
  program
    .command('relist')
    .argument('<connection>')
    .argument('<skus...>')
    .description('put ended listings back on the shelf with the values of now')
    .action((name: string, skus: string[], _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connection = await findConnection(hub.db, name)
        const found = await findListings(hub.db, connection.id, skus)
        const revived = await hub.db.transaction((tx) => relist(tx, connection.id, found, cliAct()))
        output.json({ listings: revived })
        output.line(`${revived} listings go back on the shelf of ${connection.name}.`)
        return exitCodes.ok
      }),
    )
}

function tasksOf(aspect: string | undefined): readonly Task[] {
  if (aspect === undefined) return order
  const known: readonly string[] = [...order, 'reconcile']
  if (!known.includes(aspect))
    throw new InputError(`"${aspect}" cannot be synced. There are: ${known.join(', ')}.`, 'aspect')
  return [aspect as Task]
}

function describe(state: string, result: unknown): string {
  if (state === 'busy') return 'a running hub works on it now'
  if (state === 'paused') return 'the connection is paused'
  const counts = Object.entries(result as Record<string, unknown>).filter(([, value]) => value !== 0)
  return counts.length === 0
    ? 'in step, nothing to do'
    : counts.map(([name, value]) => `${name} ${value}`).join(', ')
}
