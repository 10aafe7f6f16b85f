import { sql } from 'drizzle-orm'
import {
  orderLines,
  orders,
  parcelItems,
  parcels,
  shipments,
  variants,
} from '../../../core/db/schema/index.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { newId } from '../../../core/lib/id.ts'
import { silentLog } from '../../../core/lib/log.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import type { QuoteCharge } from '../../../core/sdk/model/shipment.ts'
import { definePlugin, type PluginContext } from '../../../core/sdk/plugin.ts'
import type { Offer } from '../../../core/sdk/shipping.ts'
import { engineServices } from '../../../core/sync/engine-services.ts'
import { createHub, type Hub } from '../../../core/sync/hub.ts'
import { createMetrics } from '../../../core/sync/metrics.ts'
import { parts } from '../../../plugins/carrier-costs/parts.ts'
import { asAdmin } from '../../support/callers.ts'
import { cloneDatabase } from '../../support/database.ts'
import { addSource } from '../../support/orders.ts'

const { choose, ...rest } = parts
/** The plugin of these parts alone, with the rates that the rest of it keeps. */
export const plugin = definePlugin({
  id: 'carrier-costs',
  name: 'Carrier costs',
  ...rest,
  tables: [
    ...rest.tables,
    {
      id: 'rates',
      statements:
        'create table carrier_costs_exchange_rates (day date, base text, quote text, rate numeric, primary key (day, base, quote))',
    },
  ],
  shipping: { choose },
})

export const start = '2026-03-31T08:00:00Z'

/** A hub with the plugin on a database of its own. */
export async function openPlugin() {
  const { database, drop } = await cloneDatabase()
  const clock = manualClock(start)
  await migratePlugins(database, [plugin], clock)
  const hub = createHub({
    database,
    clock,
    log: silentLog,
    key: Buffer.alloc(32, 1),
    config: { connectors: [], plugins: [plugin] },
    metrics: createMetrics(),
    holder: 'test',
    services: engineServices,
  })
  const context = hub.pluginContext('carrier-costs')
  const source = await addSource(hub.db, 'Shop')
  return { hub, clock, context, drop, channelId: source.id, call: callOf(context), run: runOf(context) }
}

const callOf = (context: PluginContext) => {
  const app = asAdmin(parts.routes(context))
  return async (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await app.request(path, { method, ...(body === undefined ? {} : { body: text }) })
    return response.text()
  }
}

const runOf =
  (context: PluginContext) =>
  (name: string, args: string[] = [], given: Record<string, string> = {}) => {
    const command = parts.commands.find((one) => one.name === name)!
    const usual = (command.options ?? []).map(
      (option) => [option.name, (option as { default?: string }).default] as const,
    )
    const input = { args, options: { ...Object.fromEntries(usual), ...given }, actor: 'anna' }
    return command.run(input, { ...context, progress: () => {} })
  }

export type TestShipment = {
  id: string
  carrier?: string
  service?: string
  externalId?: string
  channelId?: string
  orderId?: string
  to?: string
  bookedAt?: string
  handedOverAt?: string
  promisedAt?: string
  isCancelled?: boolean
  charges?: readonly (readonly [QuoteCharge['kind'], string, number])[] | null
  currency?: string
  quotedWeightGrams?: number | null
  bookedMinor?: number
  parcels?: readonly {
    tracking?: string
    weightGrams?: number
    deliveredAt?: string
    state?: 'lost' | 'delivered'
    incident?: 'damaged' | 'lost'
  }[]
  items?: readonly { sku: string; quantity: number; weightGrams: number | null }[]
}

/** A booked shipment as the hub keeps it. */
export async function addShipment({ db }: Hub, given: TestShipment): Promise<void> {
  const {
    id,
    carrier = 'dhl',
    service = 'paket',
    currency = 'EUR',
    charges = [['base', 'BASE', 1000]],
  } = given
  const place = (country: string) => ({
    country,
    postcode: null,
    city: null,
    region: null,
    isResidential: null,
  })
  const boxes = given.parcels ?? [{ tracking: `T-${id}` }]
  const orderId = given.items && given.channelId ? await addOrder(db, given) : null
  await db.insert(shipments).values({
    id,
    orderId,
    carrier,
    service,
    state: given.isCancelled ? 'cancelled' : 'booked',
    externalId: given.externalId ?? null,
    fromPlace: place('DE'),
    toPlace: place(given.to ?? 'FR'),
    offer: charges && toOffer(charges, currency, given.quotedWeightGrams ?? null),
    bookedMinor: given.bookedMinor ?? null,
    bookedCurrency: given.bookedMinor === undefined ? null : currency,
    shipAt: new Date(given.bookedAt ?? '2026-03-02T09:00:00Z'),
    bookedAt: new Date(given.bookedAt ?? '2026-03-02T09:00:00Z'),
    handedOverAt: given.handedOverAt ? new Date(given.handedOverAt) : null,
    promisedAt: given.promisedAt ? new Date(given.promisedAt) : null,
  })
  for (const [position, box] of boxes.entries()) {
    const deliveredAt = box.deliveredAt ? new Date(box.deliveredAt) : null
    const [made] = await db
      .insert(parcels)
      .values({
        id: newId('pcl'),
        shipmentId: id,
        position,
        weightGrams: box.weightGrams ?? 1000,
        trackingNumber: box.tracking ?? null,
        state: box.state ?? (deliveredAt ? 'delivered' : null),
        incident: box.incident ?? null,
        deliveredAt,
      })
      .returning({ id: parcels.id })
    if (orderId && position === 0) await pack(db, orderId, made!.id)
  }
}

function toOffer(
  charges: NonNullable<TestShipment['charges']>,
  currency: string,
  weight: number | null,
): Offer {
  return {
    id: 'o',
    service: 'paket',
    serviceName: 'Paket',
    currency,
    totalMinor: charges.reduce((sum, [, , amount]) => sum + amount, 0),
    charges: charges.map(([kind, code, amountMinor]) => ({ kind, code, label: code, amountMinor })),
    transitDays: null,
    deliverBy: null,
    expiresAt: null,
    billedWeightGrams: weight,
    source: { kind: 'courier', connectionId: 'con_1', name: 'DHL' },
    connectionId: 'con_1',
    carrier: 'dhl',
    explanation: [],
  }
}

async function addOrder(db: Hub['db'], { id, channelId, items }: TestShipment): Promise<string> {
  const orderId = `ord_${id}`
  await db.insert(orders).values({
    id: orderId,
    connectionId: channelId!,
    externalId: id,
    number: id,
    status: 'paid',
    externalStatus: 'paid',
    isStockHeld: true,
    placedAt: new Date(start),
    externalUpdatedAt: new Date(start),
    externalFingerprint: 'x',
    currency: 'EUR',
    totalMinor: 5000,
  })
  for (const [index, { sku, quantity, weightGrams }] of items!.entries()) {
    const variantId = `var_${sku}`
    await db.execute(
      sql`insert into products (id, key, title) values (${`prd_${sku}`}, ${sku}, '{}') on conflict do nothing`,
    )
    await db
      .insert(variants)
      .values({ id: variantId, productId: `prd_${sku}`, sku, weightGrams } as typeof variants.$inferInsert)
      .onConflictDoNothing()
    await db.insert(orderLines).values({
      id: `orl_${id}_${index}`,
      orderId,
      externalId: String(index),
      sku,
      variantId,
      title: sku,
      quantity,
      unitPriceMinor: 100,
      totalMinor: 100 * quantity,
    })
  }
  return orderId
}

async function pack(db: Hub['db'], orderId: string, parcelId: string): Promise<void> {
  const lines = await db.select().from(orderLines)
  const mine = lines.filter((line) => line.orderId === orderId)
  await db
    .insert(parcelItems)
    .values(mine.map((line) => ({ parcelId, orderLineId: line.id, quantity: line.quantity })))
}

export const header =
  'invoice_number,invoice_date,reference,currency,line,amount,kind,code,label,billed_weight_kg,dimensional_weight_kg'

export const bytesOf = async function* (text: string, size = 7): AsyncGenerator<Uint8Array> {
  const whole = new TextEncoder().encode(text)
  for (let at = 0; at < whole.length; at += size) yield whole.slice(at, at + size)
}
