import { systemClock } from '../../lib/clock.ts'
import { startSandbox } from '../../sdk/sandbox.ts'
import type { HubConfig } from '../../sync/hub.ts'
import { publishProducts } from '../../sync/publish.ts'
import type { RunningHub } from '../../sync/start.ts'
import type { Output } from '../output.ts'
import { seededRandom } from './catalogue.ts'
import { loadGoods } from './goods.ts'
import { countSecondSync, judge, type Verdict } from './judge.ts'
import { connectStage, letBuyersOrder, type Stage, waitForOrders, waitUntilInStep } from './play.ts'

/** What is played: made-up goods, or the Olist files of a folder. */
export type DemoPlan = {
  source: { olist: string } | { products: number; orders: number }
  seed: number
  /** How many times faster than published the stand-ins allow calls. */
  rateScale: number
}

/**
 * Plays the whole demo on a running hub. The stand-ins stay open, for whoever wants to look at them, until
 * what is pushed to `closing` is called.
 */
export async function perform(
  hub: RunningHub,
  sandboxes: NonNullable<HubConfig['sandboxes']>,
  { source, seed, rateScale }: DemoPlan,
  output: Output,
  signal: AbortSignal,
  closing: (() => Promise<void>)[],
): Promise<{ verdict: Verdict; stages: readonly Stage[] }> {
  const startedMs = Date.now()
  const random = seededRandom(seed)
  const goods = await loadGoods(hub, 'olist' in source ? source : { ...source, random }, output)
  const stages: Stage[] = []
  for (const [id, create] of Object.entries(sandboxes)) {
    const sandbox = await startSandbox(
      await create({ clock: systemClock, currency: goods.currency, rateScale, random }),
    )
    closing.push(() => sandbox.close())
    stages.push(await connectStage(hub, id, sandbox, rateScale, goods.currency))
    output.line(`Stand-in of ${id} at ${sandbox.url}`)
  }
  for (const { connection } of stages)
    await publishProducts(hub.db, connection.id, 'all', { actor: 'demo', now: new Date() })
  await inStep(hub, output, 'Listings live', goods.variants * stages.length, signal)
  const placing = output.progress('Orders placed')
  const { placed, turnedAway } = await letBuyersOrder(
    hub,
    goods.buyers(stages),
    250,
    (count) => placing.set(count, goods.orders),
    signal,
  )
  placing.end()
  if (turnedAway > 0) output.line(`${turnedAway} buyers came too late and were turned away by the shop.`)
  const importing = output.progress('Orders in the hub')
  await waitForOrders(hub, stages, (count) => importing.set(count, placed), signal)
  importing.end()
  await inStep(hub, output, 'Listings in step', goods.variants * stages.length, signal)
  const found = await judge(hub, stages)
  const verdict = {
    ...found,
    secondSyncChanges: await countSecondSync(hub, stages),
    seconds: Math.round((Date.now() - startedMs) / 100) / 10,
  }
  return { verdict, stages }
}

async function inStep(
  hub: RunningHub,
  output: Output,
  label: string,
  total: number,
  signal: AbortSignal,
): Promise<void> {
  const progress = output.progress(label)
  await waitUntilInStep(
    hub,
    ({ calls, dirty, listed, tickets }) =>
      progress.set(listed, total, `${calls} creations, ${dirty} values, ${tickets} feeds to go`),
    signal,
  )
  progress.end()
}
