import { and, asc, eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { parcels, shipmentDocuments, shipments } from '../db/schema/index.ts'
import { ConflictError } from '../sdk/errors.ts'

export type StoredDocument = typeof shipmentDocuments.$inferSelect

/** The papers of these shipments, in the order of the shipments and their parcels; labels only if asked. */
export async function readDocuments(
  db: DbOrTx,
  shipmentIds: readonly string[],
  kind?: string,
): Promise<StoredDocument[]> {
  if (shipmentIds.length === 0) return []
  const found = await db
    .select({ document: shipmentDocuments })
    .from(shipmentDocuments)
    .innerJoin(shipments, eq(shipments.id, shipmentDocuments.shipmentId))
    .leftJoin(parcels, eq(parcels.id, shipmentDocuments.parcelId))
    .where(
      and(
        inArray(shipmentDocuments.shipmentId, [...shipmentIds]),
        ...(kind ? [eq(shipmentDocuments.kind, kind)] : []),
      ),
    )
    .orderBy(asc(shipments.createdAt), asc(shipments.id), asc(parcels.position), asc(shipmentDocuments.id))
  return found.map((row) => row.document)
}

/** One file to print. */
export type Printable = {
  mediaType: 'application/pdf' | 'application/zpl'
  extension: 'pdf' | 'zpl'
  bytes: Buffer
}

/** An inch in PDF points; a picture is printed as a label of four by six inches. */
const inch = 72

/**
 * Puts papers into one file, in their order: PDF pages and pictures into a PDF, ZPL into one stream for the
 * label printer. @throws ConflictError when there are none, or when both sorts are among them.
 */
export async function printTogether(documents: readonly StoredDocument[]): Promise<Printable> {
  if (documents.length === 0)
    throw new ConflictError('There are no labels to print: nothing of it is booked.')
  const zpl = documents.filter((document) => document.format === 'zpl')
  if (zpl.length === documents.length)
    return {
      mediaType: 'application/zpl',
      extension: 'zpl',
      bytes: Buffer.concat(zpl.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])),
    }
  if (zpl.length > 0)
    throw new ConflictError(
      'Some labels are for a label printer (ZPL) and some are not: print them apart, by format.',
    )
  // Loaded when something is printed: it takes as long as the rest of a command.
  const { PDFDocument } = await import('@cantoo/pdf-lib')
  const file = await PDFDocument.create()
  for (const { format, bytes } of documents) {
    if (format === 'pdf') {
      const source = await PDFDocument.load(bytes)
      for (const page of await file.copyPages(source, source.getPageIndices())) file.addPage(page)
    } else {
      const picture = await file.embedPng(bytes)
      const isWide = picture.width > picture.height
      const [width, height] = isWide ? [6 * inch, 4 * inch] : [4 * inch, 6 * inch]
      const scale = Math.min(width / picture.width, height / picture.height)
      file.addPage([width, height]).drawImage(picture, {
        x: (width - picture.width * scale) / 2,
        y: (height - picture.height * scale) / 2,
        width: picture.width * scale,
        height: picture.height * scale,
      })
    }
  }
  return { mediaType: 'application/pdf', extension: 'pdf', bytes: Buffer.from(await file.save()) }
}
