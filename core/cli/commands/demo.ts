import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { serveApi } from '../../api/server.ts'
import { createLog } from '../../lib/log.ts'
import { InputError } from '../../sdk/errors.ts'
import { startHub } from '../../sync/start.ts'
import type { Verdict } from '../demo/judge.ts'
import { type DemoPlan, perform } from '../demo/perform.ts'
import { firstAdminUrl, signInNotice } from '../first-admin.ts'
import { createOutput, exitCodes, type Output, reportError } from '../output.ts'
import { type GlobalOptions, loadConfig, untilStopped } from '../session.ts'

type DemoOptions = GlobalOptions & {
  once?: boolean
  data?: string
  products: string
  orders: string
  seed: string
  rateScale: string
  port: string
}

/** `entrepot demo` */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'play the whole thing: two stand-in marketplaces, a catalogue, buyers, and the hub between them',
    )
    .option('--once', 'end when everything is in step, instead of staying to be looked at')
    .option('--data <folder>', 'play the Olist files of this folder instead of the made-up goods')
    .option('--products <count>', 'made-up products', '200')
    .option('--orders <count>', 'made-up orders', '400')
    .option('--seed <number>', 'the same seed plays the same', '1')
    .option('--rate-scale <factor>', 'how many times faster than published the stand-ins allow', '200')
    .option('--port <port>', 'where the API listens meanwhile; 0 takes a free one', '0')
    .action((_options: unknown, command: Command) => play(command.optsWithGlobals()))
}

async function play(options: DemoOptions): Promise<void> {
  const output = createOutput(options.json === true)
  const controller = new AbortController()
  const stopped = untilStopped().then(() => controller.abort(new Error('The demo was stopped.')))
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-demo-'))
  await chmod(folder, 0o755)
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const config = await loadConfig(options)
    const log = createLog(options.logLevel ?? 'error')
    output.line('Starting the hub on its own PostgreSQL …')
    const hub = await startHub({
      config,
      log,
      dataFolder: folder,
      databaseUrl: options.databaseUrl,
      isWorker: true,
    })
    closing.push(() => hub.stop())
    const { createApi } = await import('../../api/app.ts')
    const api = await serveApi(createApi(hub), { port: Number(options.port) })
    closing.push(() => api.close())
    const { sandboxes = {} } = config
    const plan = planOf(options)
    const { verdict } = await perform(hub, sandboxes, plan, output, controller.signal, closing)
    tell(output, verdict)
    output.line(
      `The hub is at ${api.url} while the demo runs. ${signInNotice(api.url, await firstAdminUrl(hub.db, api.url))}`,
    )
    process.exitCode = isFlawless(verdict) ? exitCodes.ok : exitCodes.failed
    if (!options.once && !options.json) await stopped
  } catch (error) {
    process.exitCode = reportError(output, error)
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

const planOf = (options: DemoOptions): DemoPlan => ({
  source: options.data
    ? { olist: options.data }
    : { products: readCount(options.products, 'products'), orders: readCount(options.orders, 'orders') },
  seed: readCount(options.seed, 'seed'),
  rateScale: readCount(options.rateScale, 'rate-scale'),
})

const isFlawless = (verdict: Verdict): boolean =>
  verdict.ordersMissing +
    verdict.ordersDuplicated +
    verdict.moneyMismatches +
    verdict.stockMismatches +
    verdict.ledgerGaps +
    verdict.secondSyncChanges ===
  0

function tell(output: Output, verdict: Verdict): void {
  output.json(verdict)
  output.line()
  output.table(
    Object.entries(verdict).map(([what, value]) => ({ what: wordsOf[what as keyof Verdict], value })),
  )
  output.line()
  output.line(
    isFlawless(verdict)
      ? 'Every shop and the hub agree.'
      : 'Something does not agree: see the figures that are not zero.',
  )
}

const wordsOf: Record<keyof Verdict, string> = {
  products: 'products',
  listingsLive: 'listings live',
  ordersPlaced: 'orders placed in the shops',
  ordersImported: 'orders in the hub',
  ordersMissing: 'orders missing',
  ordersDuplicated: 'orders doubled',
  moneyMismatches: 'orders with other money',
  stockMismatches: 'listings with other stock',
  ledgerGaps: 'levels that are not their ledger',
  secondSyncChanges: 'writing calls of a second sync',
  callsMade: 'calls made',
  callsRefused: 'calls refused (429)',
  seconds: 'seconds',
}

function readCount(text: string, field: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InputError(`--${field} must be a whole number above zero, not "${text}".`, field)
  return count
}
