import { sql } from 'drizzle-orm'
import { type Executor, instant, query, rows, texts } from 'entrepot/sdk'
import type { ImageMeasure } from '../subject.ts'

type Row = {
  url: string
  fault: string | null
  width_px: number | null
  height_px: number | null
  sharpness: number | null
  white_border: number | null
  digest: string | null
  likeness: string | null
}

/** What was measured of these images, by URL. */
export async function readMeasures(
  db: Executor,
  urls: readonly string[],
): Promise<Map<string, ImageMeasure>> {
  if (urls.length === 0) return new Map()
  const found = await query<Row>(
    db,
    sql`
    select url, fault, width_px, height_px, sharpness, white_border, digest, likeness
    from listing_audit_images where url in (${texts(urls)})`,
  )
  return new Map(
    found.map(({ width_px, height_px, white_border, ...row }) => [
      row.url,
      { ...row, widthPx: width_px, heightPx: height_px, whiteBorder: white_border },
    ]),
  )
}

/** Keeps what was measured; a newer measure takes the place of an older one. */
export async function saveMeasure(db: Executor, measure: ImageMeasure, at: Date): Promise<void> {
  const { url, fault, widthPx, heightPx, sharpness, whiteBorder, digest, likeness } = measure
  await db.execute(sql`
    insert into listing_audit_images (url, fault, width_px, height_px, sharpness, white_border, digest, likeness, measured_at, seen_at)
    values (${url}, ${fault}, ${widthPx}, ${heightPx}, ${sharpness}, ${whiteBorder}, ${digest}, ${likeness}, ${instant(at)}, ${instant(at)})
    on conflict (url) do update set fault = excluded.fault, width_px = excluded.width_px, height_px = excluded.height_px,
      sharpness = excluded.sharpness, white_border = excluded.white_border, digest = excluded.digest, likeness = excluded.likeness,
      measured_at = excluded.measured_at, seen_at = excluded.seen_at`)
}

/** Of these images, those to download: never measured, or found unreadable before an instant. Marks all as seen. */
export async function listUnmeasured(
  db: Executor,
  urls: readonly string[],
  { now, retryBefore }: { now: Date; retryBefore: Date },
): Promise<string[]> {
  if (urls.length === 0) return []
  await db.execute(
    sql`update listing_audit_images set seen_at = ${instant(now)} where url in (${texts(urls)})`,
  )
  const wanted = await query<{ url: string }>(
    db,
    sql`
    select item.url from ${rows(
      urls.map((url) => ({ url })),
      'url text',
    )}
    left join listing_audit_images known on known.url = item.url
    where known.url is null or (known.fault is not null and known.measured_at < ${instant(retryBefore)})`,
  )
  return wanted.map(({ url }) => url)
}

/** Forgets images that no listing has shown since. */
export async function dropUnseen(db: Executor, since: Date): Promise<void> {
  await db.execute(sql`delete from listing_audit_images where seen_at < ${instant(since)}`)
}
