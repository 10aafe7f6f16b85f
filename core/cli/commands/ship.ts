import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { inArray, or } from 'drizzle-orm'
import { findConnection } from '../../connections/connections.ts'
import { orders } from '../../db/schema/index.ts'
import { formatMoney } from '../../lib/money.ts'
import { InputError, NotFoundError } from '../../sdk/errors.ts'
import { printTogether, readDocuments } from '../../shipments/documents.ts'
import { listShipments, newestFirst } from '../../shipments/list.ts'
import { listShipmentIds, readShipment } from '../../shipments/read.ts'
import { findDueOrders, readBatch, runBatch, startBatch } from '../../sync/batch.ts'
import type { RunningHub } from '../../sync/start.ts'
import { runTask } from '../../sync/tasks.ts'
import { exitCodes, type Output } from '../output.ts'
import { cliAct, withHub } from '../session.ts'

type ShipOptions = { all?: boolean; dueBefore?: string; courier?: string; service?: string }

/** `entrepot ship`, `shipments`, `labels` and `track`. */
export function shipCommands(program: Command): void {
  program
    .command('ship')
    .argument('[orders...]', 'order numbers or ids')
    .option('--all', 'every order that can be shipped now')
    .option('--due-before <instant>', 'with --all: only those to be shipped by then')
    .option(
      '--courier <connection>',
      'with --service: for all of them; the rules choose for each unless given',
    )
    .option('--service <code>', 'what the courier calls it')
    .description('plan, price and book shipments of orders, together')
    .action((names: string[], options: ShipOptions, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const orderIds = options.all
          ? await findDueOrders(hub, readDue(options.dueBefore))
          : await findOrders(hub, names)
        if (orderIds.length === 0)
          throw new InputError('There is no order to ship. Name some, or use --all.', 'orders')
        if (Boolean(options.courier) !== Boolean(options.service))
          throw new InputError('Name --courier and --service together, or neither.', 'service')
        const wish = options.courier
          ? { connectionId: (await findConnection(hub.db, options.courier)).id, service: options.service! }
          : null
        const batchId = await startBatch(hub, orderIds, wish, cliAct())
        await runWatched(hub, batchId, output)
        for (const connectionId of await couriersOf(hub, batchId)) await runTask(hub, 'once', connectionId)
        const batch = await readBatch(hub, batchId)
        output.json(batch)
        output.line(
          `Batch ${batchId}: ${batch.booked} booked, ${batch.booking} still under way, ${batch.refused} refused, ${batch.skipped.length} skipped.`,
        )
        output.table(batch.skipped.map(({ number, reason }) => ({ order: number, reason })))
        if (batch.booked > 0) output.line(`Next: entrepot labels ${batchId}`)
        return batch.refused + batch.skipped.length > 0 ? exitCodes.needsAttention : exitCodes.ok
      }),
    )
  program
    .command('shipments')
    .option('--state <state>', 'planned, booking, booked, refused, cancelling or cancelled')
    .option('--limit <count>', 'how many at most', '50')
    .description('shipments, the newest first')
    .action((options: { state?: string; limit: string }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const state = options.state as Parameters<typeof listShipments>[1]['state']
        const found = (
          await listShipments(hub.db, { state }, newestFirst(Number(options.limit)), hub.clock.now())
        )
          .slice(0, Number(options.limit))
          .map(({ place: _place, ...row }) => row)
        output.json(found)
        output.table(
          found.map((row) => ({
            shipment: row.id,
            order: row.orderNumber,
            state: row.deliveredAt
              ? 'delivered'
              : row.handedOverAt && row.state === 'booked'
                ? 'under way'
                : row.state,
            courier: row.carrier,
            service: row.serviceName,
            numbers: row.trackingNumbers.join(' '),
            price:
              row.quotedMinor === null
                ? ''
                : formatMoney({ minor: row.quotedMinor, currency: row.quotedCurrency! }),
          })),
        )
        return exitCodes.ok
      }),
    )
  program
    .command('labels')
    .argument('<shipment-or-batch>')
    .option('--out <file>', 'where the file goes; named after the shipment or batch unless given')
    .description('all labels of a shipment or batch in one file to print')
    .action((id: string, options: { out?: string }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const ids = id.startsWith('bat_')
          ? await listShipmentIds(hub.db, (await readBatch(hub, id)).id)
          : [(await readShipment(hub.db, id)).id]
        const file = await printTogether(await readDocuments(hub.db, ids, 'label'))
        const path = resolve(options.out ?? `${id}.${file.extension}`)
        await writeFile(path, file.bytes)
        output.json({ path, mediaType: file.mediaType, bytes: file.bytes.length })
        output.line(`Wrote ${path}.`)
        return exitCodes.ok
      }),
    )
  program
    .command('track')
    .argument('<shipment>')
    .description(
      'where the parcels of a shipment are, asked of the courier now if it may be asked again so soon',
    )
    .action((id: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const { trackingConnectionId: connectionId, trackingNumbers } = await readShipment(hub.db, id)
        const canBeAsked = connectionId && trackingNumbers.length > 0
        if (canBeAsked) await runTask(hub, 'tracking', connectionId, { externalIds: trackingNumbers })
        const shipment = await readShipment(hub.db, id)
        output.json(shipment)
        if (!canBeAsked)
          output.line('Nobody can be asked about it: it has no tracking number, or no connection follows it.')
        for (const parcel of shipment.parcels) {
          output.line(
            `${parcel.trackingNumber ?? 'no number yet'}: ${parcel.state ?? 'not booked'}${parcel.incident ? `, ${parcel.incident}` : ''}`,
          )
          output.table(
            parcel.events.map(({ at, state, description, location }) => ({
              at: at.toISOString(),
              state,
              description,
              location,
            })),
          )
        }
        return exitCodes.ok
      }),
    )
}

/** Runs a batch and shows how far it is. The batch decides: a look at it that fails is only told. */
async function runWatched(hub: RunningHub, batchId: string, output: Output): Promise<void> {
  const progress = output.progress('Orders planned and priced')
  const look = async () => {
    const { planned, booking, booked, skipped, orders: all } = await readBatch(hub, batchId)
    progress.set(planned + booking + booked + skipped.length, all)
  }
  const watch = setInterval(() => {
    look().catch((error: unknown) =>
      hub.log.warn({ err: error, batchId }, 'The batch could not be looked at'),
    )
  }, 500)
  try {
    await runBatch(hub, { batchId })
  } finally {
    clearInterval(watch)
    progress.end()
  }
}

function readDue(text: string | undefined): Date | null {
  if (text === undefined) return null
  const due = new Date(text)
  if (Number.isNaN(due.getTime()))
    throw new InputError(`"${text}" is no instant like 2026-05-04T12:00:00Z.`, 'due-before')
  return due
}

async function findOrders(hub: RunningHub, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const found = await hub.db
    .select({ id: orders.id, number: orders.number })
    .from(orders)
    .where(or(inArray(orders.id, [...names]), inArray(orders.number, [...names])))
  const unknown = names.find((name) => !found.some(({ id, number }) => id === name || number === name))
  if (unknown) throw new NotFoundError(`There is no order ${unknown}.`)
  return found.map(({ id }) => id)
}

async function couriersOf(hub: RunningHub, batchId: string): Promise<string[]> {
  const found = await listShipments(hub.db, { batchId, state: 'booking' }, newestFirst(5000), hub.clock.now())
  return [...new Set(found.flatMap((row) => row.connectionId ?? []))]
}
