import { PDFDocument } from '@cantoo/pdf-lib'

/** A small label that says whose it is. Documents begin differently by what they are. */
export async function printDocument(
  title: string,
  number: string,
  reference: string,
  format: 'PDF' | 'ZPL2',
  at: Date,
): Promise<Record<string, string>> {
  if (format === 'ZPL2') {
    const zpl2 = `^XA^FO40,40^A0N,40,40^FD${title}^FS^FO40,100^BY3^BCN,120,Y,N,N^FD${number}^FS^FO40,300^A0N,30,30^FD${reference.replace(/[\^~]/g, ' ')}^FS^XZ`
    return { zpl2, fileFormat: 'ZPL2', printFormat: '910-300-400/410' }
  }
  const pdf = await PDFDocument.create()
  pdf.setCreationDate(at)
  pdf.setModificationDate(at)
  const page = pdf.addPage([297, 420])
  for (const [index, line] of [title, number, reference].entries())
    page.drawText(line.replace(/[^\x20-\x7e]/g, '?'), { x: 20, y: 380 - 30 * index, size: 14 })
  return {
    b64: Buffer.from(await pdf.save()).toString('base64'),
    fileFormat: 'PDF',
    printFormat: '910-300-700',
  }
}
