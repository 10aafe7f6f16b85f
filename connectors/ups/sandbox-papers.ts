import { PDFDocument } from '@cantoo/pdf-lib'
import { toBuffer } from 'bwip-js'
import type { LedgerShipment } from './sandbox-ledger.ts'

type Wanted = 'ZPL' | 'PNG' | 'PDF'

/** A label that a printer or viewer really shows: the number as a barcode, and where it goes. In base64. */
export async function makeLabel(
  shipment: LedgerShipment,
  trackingNumber: string,
  format: Wanted,
): Promise<string> {
  const png = () =>
    toBuffer({ bcid: 'code128', text: trackingNumber, scale: 2, height: 12, includetext: true })
  if (format === 'PNG') return (await png()).toString('base64')
  const { country, postcode, city } = shipment.destination
  if (format === 'ZPL') {
    const lines = [
      '^XA^PW812^LL1218',
      `^FO40,60^A0N,40,40^FDSHIP TO: ${city} ${postcode} ${country}^FS`,
      `^FO40,140^A0N,30,30^FDUPS ${shipment.service}  REF ${shipment.reference}^FS`,
      `^FO40,220^BY3^BCN,200,Y,N,N^FD${trackingNumber}^FS`,
      '^XZ',
    ]
    return Buffer.from(`${lines.join('\n')}\n`).toString('base64')
  }
  return makePdf([`SHIP TO: ${city} ${postcode} ${country}`, trackingNumber], shipment.bookedAt, await png())
}

/** The customs invoice, as UPS hands it back. In base64. */
export const makeInvoice = (invoiceNumber: string, goods: readonly string[], at: Date): Promise<string> =>
  makePdf([`COMMERCIAL INVOICE ${invoiceNumber}`, ...goods], at)

async function makePdf(lines: readonly string[], at: Date, image?: Uint8Array): Promise<string> {
  const document = await PDFDocument.create()
  document.setCreationDate(at)
  document.setModificationDate(at)
  const page = document.addPage([288, 432])
  // The built-in font has Latin letters only.
  const latin = lines.map((line) => line.replaceAll(/[^\x20-\x7e]/g, '?'))
  for (const [n, line] of latin.entries()) page.drawText(line, { x: 12, y: 400 - n * 14, size: 9 })
  if (image) page.drawImage(await document.embedPng(image), { x: 12, y: 220, width: 260, height: 80 })
  return document.saveAsBase64()
}
