import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { sql } from 'drizzle-orm'
import { type Executor, InputError, parseMoney, query, rows } from 'entrepot/sdk'
import type { Context } from './context.ts'

/** What a marketplace showed of a listing on a day. A figure that it did not show is null. */
export type Snapshot = { listingId: string; day: string; counter: number | null; priceMinor: number | null }

export type SnapshotReport = {
  rows: number
  taken: number
  repeated: number
  unknownListings: number
  listings: number
}

type Line = { day?: string; listing?: string; sales?: string; price?: string }
const columns = ['day', 'listing', 'sales', 'price']

/**
 * Reads a CSV file with the columns day, listing (external id or SKU), sales (a counter; empty where none is shown) and
 * optionally price, for a connection. May be repeated. @throws InputError naming the line
 */
export async function importSnapshots(
  context: Pick<Context, 'db'>,
  connectionId: string,
  path: string,
): Promise<SnapshotReport> {
  const names = await readNames(context.db, connectionId)
  const report = { rows: 0, taken: 0, repeated: 0, unknownListings: 0 }
  const held = new Map<string, Snapshot>()
  const parser = createReadStream(path).pipe(
    parse({
      columns: (header: string[]) => checkHeader(header),
      bom: true,
      skip_empty_lines: true,
      info: true,
    }),
  )
  for await (const { record, info } of parser as AsyncIterable<{ record: Line; info: { lines: number } }>) {
    report.rows += 1
    const named = names.get(record.listing?.trim() ?? '')
    if (!named) {
      report.unknownListings += 1
      continue
    }
    const snapshot = readLine(record, named, info.lines)
    const key = `${snapshot.listingId} ${snapshot.day}`
    const other = held.get(key)
    if (other && (other.counter !== snapshot.counter || other.priceMinor !== snapshot.priceMinor))
      throw new InputError(
        `Line ${info.lines} contradicts an earlier one of the same listing and day.`,
        'listing',
      )
    if (other) report.repeated += 1
    held.set(key, snapshot)
  }
  report.taken = held.size
  const listings = await saveSnapshots(context.db, [...held.values()])
  return { ...report, listings }
}

function checkHeader(header: string[]): string[] {
  const missing = columns.slice(0, 3).filter((name) => !header.includes(name))
  if (missing.length > 0)
    throw new InputError(
      `The file has no column "${missing.join('", "')}". It wants ${columns.join(', ')}.`,
      'file',
    )
  return header
}

type Named = { listingId: string; currency: string }

async function readNames(db: Executor, connectionId: string): Promise<Map<string, Named>> {
  const found = await query<Named & { sku: string; externalId: string | null }>(
    db,
    sql`select listing_id as "listingId", currency, sku, external_id as "externalId" from slow_sellers_goods where connection_id = ${connectionId}`,
  )
  if (found.length === 0)
    throw new InputError(
      `The connection ${connectionId} has no listings here. Run "refresh" first.`,
      'connection',
    )
  // An external id is the marketplace's own word for it, so it goes before a SKU of the same letters.
  return new Map([
    ...found.map((row) => [row.sku, row] as const),
    ...found.flatMap((row) => (row.externalId === null ? [] : [[row.externalId, row] as const])),
  ])
}

function readLine(record: Line, { listingId, currency }: Named, line: number): Snapshot {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(record.day?.trim() ?? '')
  if (!match) throw new InputError(`Line ${line}: "${record.day}" is no day such as 2026-03-01.`, 'day')
  const day = [match[1]!, match[2]!.padStart(2, '0'), match[3]!.padStart(2, '0')].join('-')
  const sales = record.sales?.trim() ?? ''
  if (!/^\d*$/.test(sales)) throw new InputError(`Line ${line}: "${sales}" is no sales figure.`, 'sales')
  const price = record.price?.trim() ?? ''
  return {
    listingId,
    day,
    counter: sales === '' ? null : Number(sales),
    priceMinor: price === '' ? null : parseMoney(price, currency).minor,
  }
}

const pageSize = 5000

/** Keeps snapshots and works out the days of their listings anew. Returns the number of listings. */
export async function saveSnapshots(
  db: Pick<Context, 'db'>['db'],
  snapshots: readonly Snapshot[],
): Promise<number> {
  return db.transaction(async (tx) => {
    for (let start = 0; start < snapshots.length; start += pageSize) {
      const items = snapshots.slice(start, start + pageSize).map((row) => ({
        listing_id: row.listingId,
        day: row.day,
        counter: row.counter,
        price_minor: row.priceMinor,
      }))
      await tx.execute(sql`
        insert into slow_sellers_snapshots (listing_id, day, counter, price_minor)
        select listing_id, day, counter, price_minor from ${rows(items, 'listing_id text, day date, counter bigint, price_minor bigint')}
        on conflict (listing_id, day) do update set counter = excluded.counter, price_minor = excluded.price_minor`)
    }
    const touched = [...new Set(snapshots.map(({ listingId }) => listingId))].map((id) => ({ id }))
    return countFromCounters(tx, rows(touched, 'id text'))
  })
}

/**
 * Days from counters: what a counter rose by since the day before. One that fell (it rolls), that has no day before it
 * or shows no figure makes the day unknown. Listings whose connection has orders of its own in the hub stay with those.
 */
async function countFromCounters(db: Executor, touched: ReturnType<typeof rows>): Promise<number> {
  await db.execute(sql`
    update slow_sellers_goods goods set sales_from = 'snapshots', created_on = least(goods.created_on, seen.first_day)
    from (select listing_id, min(day) as first_day from slow_sellers_snapshots group by 1) seen, ${touched}
    where goods.listing_id = item.id and seen.listing_id = item.id
      and not exists (select 1 from slow_sellers_sources source where source.connection_id = goods.connection_id)`)
  const counted = await query<{ count: number }>(
    db,
    sql`
    with series as (
      select snapshot.listing_id, snapshot.day, snapshot.counter, lag(snapshot.day) over listing as day_before, lag(snapshot.counter) over listing as counter_before
      from slow_sellers_snapshots snapshot join ${touched} on item.id = snapshot.listing_id
      join slow_sellers_goods goods on goods.listing_id = snapshot.listing_id and goods.sales_from = 'snapshots'
      window listing as (partition by snapshot.listing_id order by snapshot.day)
    ), saved as (
      insert into slow_sellers_days (listing_id, day, units, revenue_minor)
      select listing_id, day, case when day_before = day - 1 and counter >= counter_before then counter - counter_before end, null from series
      on conflict (listing_id, day) do update set units = excluded.units, revenue_minor = null returning listing_id
    ) select count(distinct listing_id)::int as count from saved`,
  )
  return counted[0]!.count
}

/** The prices that snapshots saw, a listing after another, by day. */
export async function readPriceSeries(
  db: Executor,
  connectionId: string,
): Promise<Map<string, { day: string; priceMinor: number }[]>> {
  const found = await query<{ sku: string; day: string; priceMinor: number }>(
    db,
    sql`
    select goods.sku, snapshot.day::text as day, snapshot.price_minor::float8 as "priceMinor" from slow_sellers_snapshots snapshot
    join slow_sellers_goods goods using (listing_id) where goods.connection_id = ${connectionId} and snapshot.price_minor is not null
    order by goods.sku, snapshot.day`,
  )
  const series = new Map<string, { day: string; priceMinor: number }[]>()
  for (const { sku, day, priceMinor } of found) {
    const held = series.get(sku)
    if (held) held.push({ day, priceMinor })
    else series.set(sku, [{ day, priceMinor }])
  }
  return series
}
