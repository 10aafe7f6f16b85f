import { ConnectorError, type Page, type ToldOrder, type Unreadable } from 'entrepot/sdk'
import { z } from 'zod'
import { pageSize, type Query, type WooClient } from './client.ts'
import { isDraftOrder, toRemoteOrder } from './mapping-orders.ts'
import { order, orderStub, type Settings } from './schemas.ts'

/** A new pull starts this long before the last order seen, for those that were committed late. */
const overlapMs = 60_000
/** Rows read twice from page to page inside one second, should one of them leave it meanwhile. */
const offsetOverlap = 10
const second = 1000

/**
 * Where an order pull stands; the cursor as JSON. Times are epoch seconds of the shop's `date_modified_gmt`.
 * `seen`: the latest one read. `since` (strictly later ones follow) and `offset` are there between two pages.
 */
const cursorSchema = z.object({
  seen: z.number().int(),
  since: z.number().int().optional(),
  offset: z.number().int().optional(),
})
type OrderCursor = z.infer<typeof cursorSchema>

/**
 * What to ask for. Only "seconds and Z" is read alike by every shop: with milliseconds, or with
 * dates_are_gmt beside the Z, shops outside UTC return too much or, worse, nothing.
 */
export function orderQuery(cursor: OrderCursor | null): Query {
  const since = cursor && (cursor.since ?? cursor.seen - overlapMs / second)
  return {
    status: 'any',
    orderby: 'modified',
    order: 'asc',
    per_page: pageSize,
    modified_after: since === null ? undefined : isoSeconds(since),
    offset: cursor?.offset,
  }
}

const isoSeconds = (epoch: number): string => `${new Date(epoch * second).toISOString().slice(0, 19)}Z`

/**
 * Where to go on. The filter is strict and knows whole seconds, so the next page starts one second before
 * the last row; when a whole page lies in one second that makes no progress, and the pages are counted.
 * @param times the rows' modification times, ascending, in epoch seconds.
 */
export function nextCursor(cursor: OrderCursor | null, times: readonly number[]): OrderCursor | null {
  const last = times.at(-1)
  const seen = last === undefined ? cursor?.seen : Math.max(last, cursor?.seen ?? last)
  if (seen === undefined) return null
  if (last === undefined || times.length < pageSize) return { seen }
  const since = last - 1
  const isOneSecond = times[0] === last
  if (!isOneSecond) return { seen, since }
  const from = cursor?.since === since ? (cursor.offset ?? 0) : 0
  return { seen, since, offset: from + pageSize - offsetOverlap }
}

/** Orders in the order of their last change. @see https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-orders */
export async function pullOrders(client: WooClient, after: string | null): Promise<Page<ToldOrder>> {
  const cursor = after === null ? null : cursorSchema.parse(JSON.parse(after))
  const rows = await client.listOrders(orderQuery(cursor))
  const times = rows.flatMap((row) => {
    const stub = orderStub.safeParse(row)
    return stub.success ? [stub.data.date_modified_gmt.getTime() / second] : []
  })
  // Rows without a time still count: a full page is full.
  const filled = [...Array(rows.length - times.length).fill(times[0] ?? cursor?.seen ?? 0), ...times]
  const state = nextCursor(cursor, filled)
  const next = state === null ? null : JSON.stringify(state)
  const more = rows.length === pageSize
  // Every full page moves on, unless something between us and the shop ignores the filter.
  if (more && next === after)
    throw new ConnectorError(
      'unexpected',
      'The shop answers the next page of orders with the same page again.',
    )
  return { ...readRows(rows, client.settings), next, more }
}

/** Each row on its own: one that cannot be read is kept as it came, with the reason. */
export function readRows(
  rows: readonly unknown[],
  settings: Pick<Settings, 'orderStatuses'>,
): { items: ToldOrder[]; unreadable: Unreadable[] } {
  const items: ToldOrder[] = []
  const unreadable: Unreadable[] = []
  for (const raw of rows) {
    const parsed = order.safeParse(raw)
    if (parsed.success && isDraftOrder(parsed.data.status)) continue
    try {
      if (!parsed.success) throw new RangeError(z.prettifyError(parsed.error))
      items.push(toRemoteOrder(parsed.data, settings))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const id = orderStub.pick({ id: true }).safeParse(raw).data?.id
      const reason = `Order ${id ?? 'without an id'} cannot be read: ${error.message}.`
      unreadable.push({ externalId: id === undefined ? null : String(id), raw, reason })
    }
  }
  return { items, unreadable }
}

/** Orders by id. Lists leave out the trash even with status "any", so it is asked for those missing. */
export async function readOrders(
  client: WooClient,
  externalIds: readonly string[],
): Promise<Page<ToldOrder>> {
  const rows: unknown[] = []
  for (let from = 0; from < externalIds.length; from += pageSize) {
    const wanted = externalIds.slice(from, from + pageSize)
    const ask = (status: string, ids: readonly string[]) =>
      client.listOrders({ status, include: ids.join(','), per_page: pageSize })
    const found = await ask('any', wanted)
    const foundIds = new Set(found.map((row) => String(orderStub.pick({ id: true }).safeParse(row).data?.id)))
    const missing = wanted.filter((id) => !foundIds.has(id))
    rows.push(...found, ...(missing.length > 0 ? await ask('trash', missing) : []))
  }
  return { ...readRows(rows, client.settings), next: null, more: false }
}
