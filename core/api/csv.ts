import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ListOrder, Placed } from '../db/keyset.ts'
import { csvLine } from '../lib/csv.ts'
import type { Log } from '../lib/log.ts'
import { withoutValues } from './errors.ts'
import { orderOf } from './list-query.ts'

type Cell = string | number | boolean | Date | null

/** The columns of a list's CSV, by the name that stands in its first line. */
export type CsvColumns<Row> = Readonly<Record<string, (row: Row) => Cell>>

/** An answer that is a file of CSV. */
export const csvAnswer = (description: string) => ({
  description,
  content: { 'text/csv': { schema: z.string() } },
})

type Export<Field extends string, Row> = {
  /** The file's name without its ending. */
  name: string
  query: { sort: Field | `-${Field}`; columns: readonly string[] }
  readPage(order: ListOrder<Field>): Promise<Row[]>
  columns: CsvColumns<Row>
  log: Log
}

const rowsAtOnce = 1000

/**
 * Answers with a whole list as CSV, a page at a time, so that memory stays the same however long the list is. Rows
 * that change their place meanwhile may be missing or stand twice. A failure half-way breaks the download off: a
 * file that ends early must not look whole.
 */
export async function answerCsv<Field extends string, Row extends Placed>(
  c: Context,
  { name, query, columns, readPage, log }: Export<Field, Row>,
) {
  const order = { ...orderOf(query), limit: rowsAtOnce }
  const chosen = query.columns.map((column) => columns[column]!)
  const textOf = (rows: readonly Row[]) =>
    rows
      .slice(0, rowsAtOnce)
      .map((row) => csvLine(chosen.map((cellOf) => toPlain(cellOf(row)))))
      .join('')
  let page = await readPage(order)
  // The mark tells a spreadsheet that the file is UTF-8.
  let text = `\uFEFF${csvLine(query.columns)}${textOf(page)}`
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        controller.enqueue(encoder.encode(text))
        if (page.length <= rowsAtOnce) return controller.close()
        page = await readPage({ ...order, after: page[rowsAtOnce - 1]!.place })
        text = textOf(page)
      } catch (error) {
        const requestId = String(c.get('requestId'))
        log.error({ requestId, ...withoutValues(error as Error) }, `The file ${name}.csv broke off`)
        controller.error(error)
      }
    },
  })
  return c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  }) as never
}

const toPlain = (cell: Cell) => (cell instanceof Date ? cell.toISOString() : cell)
