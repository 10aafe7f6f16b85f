import type { PDFDocument, PDFFont, PDFPage } from '@cantoo/pdf-lib'
import { sql } from 'drizzle-orm'
import { type DbOrTx, query } from '../db/client.ts'
import { ConflictError } from '../sdk/errors.ts'

/** A parcel as it stands on the list that a courier signs. */
export type ManifestLine = {
  carrier: string
  service: string
  trackingNumber: string
  shipmentId: string
  orderNumber: string | null
  country: string
  weightGrams: number
}

/** The booked parcels of a batch, by courier and service. */
export const readManifest = (db: DbOrTx, batchId: string): Promise<ManifestLine[]> =>
  query<ManifestLine>(
    db,
    sql`
    select coalesce(connection.name, shipment.carrier) as carrier, coalesce(shipment.service_name, shipment.service) as service,
      parcel.tracking_number as "trackingNumber", shipment.id as "shipmentId", o.number as "orderNumber", shipment.to_place ->> 'country' as country, parcel.weight_grams as "weightGrams"
    from shipments shipment join parcels parcel on parcel.shipment_id = shipment.id
    left join connections connection on connection.id = shipment.connection_id left join orders o on o.id = shipment.order_id
    where shipment.batch_id = ${batchId} and shipment.state = 'booked' and parcel.tracking_number is not null
    order by 1, 2, shipment.id, parcel.position`,
  )

const a4 = { width: 595, height: 842 } as const
const margin = 40
const lineHeight = 16
/** Where each column starts, in points from the left margin. */
const columns = [0, 150, 270, 390, 440] as const

/**
 * The list as a PDF: a section a courier, with the number and weight of its parcels and a line to sign on.
 * @throws ConflictError when nothing of the batch is booked.
 */
export async function printManifest(
  title: string,
  lines: readonly ManifestLine[],
  at: Date,
): Promise<Buffer> {
  if (lines.length === 0)
    throw new ConflictError('Nothing of this batch is booked: there is no manifest yet.')
  const { PDFDocument, StandardFonts } = await import('@cantoo/pdf-lib')
  const file = await PDFDocument.create()
  const font = await file.embedFont(StandardFonts.Helvetica)
  const bold = await file.embedFont(StandardFonts.HelveticaBold)
  const write = createWriter(file)
  for (const [carrier, parcels] of Map.groupBy(lines, (line) => line.carrier)) {
    const kilograms = (parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0) / 1000).toFixed(3)
    write.newPage()
    write.row([`${title}, ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`], font)
    write.row([`${carrier}: ${parcels.length} parcels, ${kilograms} kg`], bold)
    write.row(['Tracking number', 'Service', 'Order', 'To', 'Grams'], bold)
    for (const { trackingNumber, service, orderNumber, country, weightGrams } of parcels)
      write.row([trackingNumber, service, orderNumber ?? '', country, String(weightGrams)], font)
    write.row([], font)
    write.row(['Taken over by, date and signature: ______________________________'], font)
  }
  return Buffer.from(await file.save())
}

function createWriter(file: PDFDocument) {
  let page: PDFPage | undefined
  let y = 0
  const newPage = () => {
    page = file.addPage([a4.width, a4.height])
    y = a4.height - margin
  }
  return {
    newPage,
    row(cells: readonly string[], font: PDFFont) {
      if (y < margin + lineHeight) newPage()
      cells.forEach((cell, index) => {
        page!.drawText(printable(cell), { x: margin + columns[index]!, y, size: 10, font })
      })
      y -= lineHeight
    },
  }
}

/** The standard fonts of PDF know Latin letters only; other letters stand as question marks, numbers stay. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?').slice(0, 60)
