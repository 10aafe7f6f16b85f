import bwipjs from 'bwip-js/node'
import { ConnectorError } from 'entrepot/sdk'
import { addressLines, kilograms, type LabelFacts } from './label.ts'

/** Four by six inches, in points. */
const width = 288
const height = 432
const margin = 16

/** The label as a PDF page with a Code 128 barcode. The same facts give the same page, byte for byte. */
export async function drawLabel(facts: LabelFacts): Promise<Buffer> {
  const { booking, trackingNumber, carrierName, serviceName, position, weightGrams } = facts
  const from = addressLines(booking.from)
  const to = addressLines(booking.to)
  for (const line of [...from, ...to]) assertPrintable(line)
  const { PDFDocument, StandardFonts } = await import('@cantoo/pdf-lib')
  const file = await PDFDocument.create({ updateMetadata: false })
  const page = file.addPage([width, height])
  const font = await file.embedFont(StandardFonts.Helvetica)
  const bold = await file.embedFont(StandardFonts.HelveticaBold)
  let y = height - margin
  const write = (text: string, size: number, isBold = false) => {
    const face = isBold ? bold : font
    const fitting = Math.min(size, (size * (width - 2 * margin)) / face.widthOfTextAtSize(text, size))
    y -= size + 3
    page.drawText(text, { x: margin, y, size: fitting, font: face })
  }
  write(`${carrierName} ${serviceName}`, 16, true)
  write('From', 7)
  for (const line of from) write(line, 8)
  y -= 8
  write('To', 8)
  for (const line of to) write(line, 13, true)
  y -= 6
  write(`Parcel ${position} of ${booking.parcels.length}, ${kilograms(weightGrams)}`, 9)
  write(`Order ${booking.orderNumber ?? ''} (${booking.reference})`, 7)
  const picture = await file.embedPng(
    await bwipjs.toBuffer({ bcid: 'code128', text: trackingNumber, scale: 3, height: 22 }),
  )
  page.drawImage(picture, { x: margin, y: 40, width: width - 2 * margin, height: 80 })
  page.drawText(trackingNumber, { x: margin, y: 22, size: 12, font: bold })
  return Buffer.from(await file.save())
}

/** The standard fonts of PDF have Latin letters only, and a label with letters missing goes astray. */
function assertPrintable(line: string): void {
  const strange = /[^\x20-\x7e\xa0-\xff]/.exec(line)
  if (!strange) return
  throw new ConnectorError(
    'rejected',
    `A PDF label cannot show the letter "${strange[0]}" of the address. Choose ZPL labels, or write the address in Latin letters.`,
    {
      issues: [
        { field: 'address', code: null, message: `has the letter "${strange[0]}"`, severity: 'error' },
      ],
    },
  )
}
