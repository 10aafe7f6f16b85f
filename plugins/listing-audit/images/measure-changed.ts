import PQueue from 'p-queue'
import { type AuditContext, auditListings } from '../audit.ts'
import { downloadImage, ImageFault, type ImagePort, publicImages } from './download-image.ts'
import { faulty, measureImage } from './measure-image.ts'
import { dropUnseen, listUnmeasured, saveMeasure } from './store.ts'

/** What could not be read is tried again, for a server may have been down. */
const retryAfterMs = 20 * 3_600_000
/** At once: each decoded image is held in memory. */
const atOnce = 3

/**
 * Measures images whose address is new, judges the listings that show them, and forgets images that no listing shows
 * any more. Does nothing where the setting is off. Returns how many were measured.
 */
export async function measureChanged(
  context: AuditContext,
  port: ImagePort = publicImages,
): Promise<{ measured: number; unreadable: number }> {
  const { db, clock, services } = context
  const counts = { measured: 0, unreadable: 0 }
  if (!(await context.settings()).measuresImages) return counts
  const startedAt = clock.now()
  const retryBefore = new Date(startedAt.getTime() - retryAfterMs)
  for await (const page of services.streamListings({ statuses: ['draft', 'pending', 'live', 'rejected'] })) {
    const urls = [...new Set(page.flatMap(({ content }) => content.images))]
    const wanted = new Set(await listUnmeasured(db, urls, { now: startedAt, retryBefore }))
    if (wanted.size === 0) continue
    const queue = new PQueue({ concurrency: atOnce })
    await queue.addAll(
      [...wanted].map((url) => async () => {
        const measure = await measureAt(url, port)
        await saveMeasure(db, { url, ...measure }, clock.now())
        counts.measured += 1
        if (measure.fault !== null) counts.unreadable += 1
      }),
    )
    const showing = page.filter(({ content }) => content.images.some((url) => wanted.has(url)))
    await auditListings(context, { listingIds: showing.map(({ listingId }) => listingId) })
  }
  await dropUnseen(db, startedAt)
  return counts
}

async function measureAt(url: string, port: ImagePort) {
  try {
    return await measureImage(await downloadImage(url, port))
  } catch (error) {
    if (error instanceof ImageFault) return faulty(error.message)
    throw error
  }
}
