import { createRoute, z } from '@hono/zod-openapi'
import { inLocale } from '../../listings/desired.ts'
import { countLevels, levelSorts, listLevels } from '../../stock/list.ts'
import type { ApiContext } from '../context.ts'
import { answerCsv, type CsvColumns, csvAnswer } from '../csv.ts'
import { createRouter } from '../errors.ts'
import { csvQuery, fieldsOf, listOf, listPage, listQuery, orderOf, searched } from '../list-query.ts'
import { answer, flag, refusals } from '../shapes.ts'

const tags = ['stock']
const fields = fieldsOf(levelSorts)
const filters = {
  q: searched.openapi({ description: 'Words of a SKU, a GTIN, a key, a brand or a title, in any script.' }),
  warehouse: z.string().max(200).optional().openapi({ description: 'Its code.', example: 'MAIN' }),
  availableUpTo: z.coerce
    .number()
    .int()
    .optional()
    .openapi({ description: 'No more units than this are free to sell; 0: sold out.', example: 0 }),
  isShort: flag.optional().openapi({ description: 'Whether orders wait for units that are not there.' }),
  isIncoming: flag.optional().openapi({ description: 'Whether units are on their way.' }),
}

const level = z
  .object({
    sku: z.string(),
    productId: z.string(),
    title: z.record(z.string(), z.string()),
    warehouse: z.string().openapi({ example: 'MAIN' }),
    onHand: z.number(),
    reserved: z.number(),
    available: z.number().openapi({ description: 'On hand and not reserved.' }),
    incoming: z.number(),
    short: z
      .number()
      .openapi({ description: 'Units of the SKU that orders wait for, in whichever warehouse.' }),
  })
  .openapi('StockLevel')

const columns = {
  sku: ({ sku }) => sku,
  title: ({ title }) => inLocale(title, 'en'),
  warehouse: ({ warehouse }) => warehouse,
  onHand: ({ onHand }) => onHand,
  reserved: ({ reserved }) => reserved,
  available: ({ available }) => available,
  incoming: ({ incoming }) => incoming,
  short: ({ short }) => short,
} satisfies CsvColumns<Awaited<ReturnType<typeof listLevels>>[number]>

const list = createRoute({
  method: 'get',
  path: '/stock-levels',
  operationId: 'listStockLevels',
  tags,
  summary: 'Stock by SKU and warehouse',
  request: { query: listQuery(fields, 'sku').extend(filters) },
  responses: { 200: answer(listOf(level), 'A page of levels.'), ...refusals(400) },
})

const download = createRoute({
  method: 'get',
  path: '/stock-levels.csv',
  operationId: 'downloadStockLevels',
  tags,
  summary: 'Stock by SKU and warehouse as CSV',
  request: { query: csvQuery(fields, 'sku', Object.keys(columns)).extend(filters) },
  responses: { 200: csvAnswer('All of them that fit.'), ...refusals(400) },
})

export const stockLevelRoutes = ({ hub }: ApiContext) =>
  createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query')
      const rows = await listLevels(hub.db, query, orderOf(query))
      return c.json(await listPage(query, rows, () => countLevels(hub.db, query)), 200)
    })
    .openapi(download, (c) => {
      const query = c.req.valid('query')
      return answerCsv(c, {
        name: 'stock-levels',
        query,
        readPage: (order) => listLevels(hub.db, query, order),
        columns,
        log: hub.log,
      })
    })
