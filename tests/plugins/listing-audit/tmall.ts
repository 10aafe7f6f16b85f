import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

const shared = process.env.SHARED_DIR ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const file = join(shared, 'data/tmall-beauty/listings.csv.gz')

/** Whether the listings, which are no part of the project, lie beside it. */
export const hasTmall = existsSync(file)

type Row = { update_time: string; id: string; title: string; price: string; 店名: string }
export type TmallListing = { id: string; title: string; shop: string; price: string }

/** Each listing as it was on its newest day. */
export function readTmall(): Map<string, TmallListing> {
  const rows = parse(gunzipSync(readFileSync(file)), { columns: true, bom: true }) as Row[]
  const dayOf = (text: string) => {
    const [year, month, day] = text.split('/').map(Number)
    return year! * 10_000 + month! * 100 + day!
  }
  const newest = new Map<string, TmallListing & { day: number }>()
  for (const row of rows) {
    const day = dayOf(row.update_time)
    const held = newest.get(row.id)
    if (!held || day > held.day)
      newest.set(row.id, { id: row.id, title: row.title, shop: row.店名, price: row.price, day })
  }
  return newest
}
