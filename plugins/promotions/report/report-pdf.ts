import type { PDFFont } from '@cantoo/pdf-lib'
import type { Report } from './make-report.ts'
import { showFigure } from './show-figure.ts'

const page = { width: 595, height: 842, margin: 45, size: 10, lineHeight: 14 } as const
const mostGoods = 200

/** The report on paper. Its fonts know Latin letters only; the workbook has every letter. */
export async function reportPdf(report: Report): Promise<Buffer> {
  const { PDFDocument, StandardFonts } = await import('@cantoo/pdf-lib')
  const file = await PDFDocument.create()
  const fonts = {
    plain: await file.embedFont(StandardFonts.Helvetica),
    bold: await file.embedFont(StandardFonts.HelveticaBold),
  }
  file.setTitle(report.title)
  let hasLost = false
  let y = 0
  let sheet: ReturnType<typeof file.addPage> | undefined
  const write = (text: string, font: PDFFont = fonts.plain) => {
    const shown = printable(text)
    hasLost ||= shown !== text
    for (const line of wrap(shown, font)) {
      if (!sheet || y < page.margin) {
        sheet = file.addPage([page.width, page.height])
        y = page.height - page.margin
      }
      sheet.drawText(line, { x: page.margin, y, size: page.size, font })
      y -= page.lineHeight
    }
  }
  for (const { text, isBold } of linesOf(report)) write(text, isBold ? fonts.bold : fonts.plain)
  if (hasLost)
    write(
      'Letters that this paper cannot show stand as question marks: the workbook (report.xlsx) has them all.',
      fonts.bold,
    )
  return Buffer.from(await file.save())
}

type Line = { text: string; isBold?: boolean }

function linesOf(report: Report): Line[] {
  const head = (text: string): Line => ({ text, isBold: true })
  return [
    head(report.title),
    {
      text: `${report.phase}, ${report.startsAt} to ${report.endsAt}, owner ${report.owner}, made ${report.madeAt}`,
    },
    { text: report.goal || 'No goal was named.' },
    { text: ' ' },
    head('Effect and cost'),
    ...report.figures.map((figure) => ({
      text: `${figure.label}: ${showFigure(figure)} (${figure.because})`,
    })),
    { text: ' ' },
    head('Problems'),
    ...orNone(
      report.incidents.map(
        ({ beganAt, endedAt, message }) => `${beganAt} to ${endedAt ?? 'now'}: ${message}`,
      ),
    ),
    ...orNone(
      report.stops.map(({ at, rule, reason, status }) => `${at}, stop by ${rule}, ${status}: ${reason}`),
      'Nothing was stopped.',
    ),
    { text: ' ' },
    head('Lessons'),
    ...orNone(report.lessons ? report.lessons.split('\n') : [], 'None were written down.'),
    { text: ' ' },
    head('Goods: units before, during, after'),
    ...report.goods.slice(0, mostGoods).map((item) => ({
      text: `${item.sku}, ${item.connection}: ${item.unitsBefore}, ${item.unitsDuring}, ${item.unitsAfter ?? 'no data'}`,
    })),
    ...(report.goods.length > mostGoods
      ? [{ text: `and ${report.goods.length - mostGoods} more, which the workbook lists.` }]
      : []),
  ]
}

const orNone = (lines: readonly string[], none = 'None.'): Line[] =>
  (lines.length > 0 ? lines : [none]).map((text) => ({ text }))

/** What the standard fonts of PDF can draw; other letters stand as question marks. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/gu, '?')

function wrap(text: string, font: PDFFont): string[] {
  const width = page.width - 2 * page.margin
  const fits = (line: string) => font.widthOfTextAtSize(line, page.size) <= width
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((long) => long.match(/.{1,60}/g) ?? [''])) {
    const longer = line ? `${line} ${word}` : word
    if (fits(longer)) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}
