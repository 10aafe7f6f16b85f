import { PDFDocument } from '@cantoo/pdf-lib'
import bwip from 'bwip-js/node'

/** A label of four by six inches that can be scanned, as the format that was asked for. */
export async function labelImage(imageType: string, trackingNumber: string, lines: readonly string[]) {
  if (imageType.startsWith('ZPL')) {
    const text = lines
      .map((line, n) => `^FO40,${300 + n * 40}^A0N,30^FD${line.replaceAll('^', ' ')}^FS`)
      .join('')
    const zpl = `^XA^FO40,80^BY3^BCN,160,Y,N,N^FD${trackingNumber}^FS${text}^XZ`
    return image('text/plain', 'labelImage.zpl', Buffer.from(zpl))
  }
  const barcode = await bwip.toBuffer({ bcid: 'code128', text: trackingNumber, scale: 2, height: 20 })
  if (imageType === 'PNG') return image('image/png', 'labelImage.png', barcode)
  const pdf = await PDFDocument.create()
  const page = pdf.addPage([288, 432])
  page.drawImage(await pdf.embedPng(barcode), { x: 24, y: 300, width: 240, height: 90 })
  for (const [n, line] of [trackingNumber, ...lines].entries())
    page.drawText(line.replace(/[^\x20-\x7e]/g, '?'), { x: 24, y: 270 - n * 18, size: 10 })
  return image('application/pdf', 'labelImage.pdf', Buffer.from(await pdf.save()))
}

const image = (contentType: string, file: string, bytes: Buffer) => ({
  contentType,
  file,
  base64: bytes.toString('base64'),
})
