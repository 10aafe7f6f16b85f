import { formatDecimal } from 'entrepot/sdk'
import type { Report } from './make-report.ts'
import { showFigure } from './show-figure.ts'

type Cell = string | number | null
const bold = (text: string) => ({ value: text, fontWeight: 'bold' as const })
const amount = (minor: number, currency: string): number => Number(formatDecimal({ minor, currency }))

/** The report as a workbook: what it did, its goods, and what went wrong. */
export async function reportXlsx(report: Report): Promise<Buffer> {
  const sheet = (name: string, header: string[], rows: Cell[][]) => ({
    sheet: name,
    data: [header.map(bold), ...rows],
  })
  const { default: writeXlsxFile } = await import('write-excel-file/node')
  return writeXlsxFile([
    sheet(
      'Campaign',
      ['What', 'Value', 'Because'],
      [
        ['Title', report.title, null],
        ['Goal', report.goal, null],
        ['Owner', report.owner, null],
        ['State', report.phase, null],
        ['Starts', report.startsAt, null],
        ['Ends', report.endsAt, null],
        ...report.figures.map((figure): Cell[] => [figure.label, showFigure(figure), figure.because]),
        ['Lessons', report.lessons || 'none written down', null],
      ],
    ),
    sheet(
      'Goods',
      [
        'SKU',
        'Marketplace',
        'Currency',
        'Regular price',
        'Campaign price',
        'Units before',
        'Units during',
        'Units after',
      ],
      report.goods.map((item) => [
        item.sku,
        item.connection,
        item.currency,
        amount(item.regularMinor, item.currency),
        amount(item.priceMinor, item.currency),
        item.unitsBefore,
        item.unitsDuring,
        item.unitsAfter,
      ]),
    ),
    sheet(
      'Problems',
      ['From', 'To', 'What'],
      [
        ...report.incidents.map(({ beganAt, endedAt, message }): Cell[] => [beganAt, endedAt, message]),
        ...report.stops.map(({ at, rule, reason, status }): Cell[] => [
          at,
          null,
          `Stop by ${rule}, ${status}: ${reason}`,
        ]),
      ],
    ),
  ]).toBuffer()
}
