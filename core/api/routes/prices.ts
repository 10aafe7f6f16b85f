import { createRoute, z } from '@hono/zod-openapi'
import { appendAudit } from '../../audit/audit.ts'
import { assertPricesUnchanged, setBasePrices } from '../../catalog/prices.ts'
import { addPromotions } from '../../catalog/promotions.ts'
import { readPrices } from '../../catalog/read.ts'
import { findConnection } from '../../connections/connections.ts'
import { transact } from '../../db/transact.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { resolveSkus } from '../resolve.ts'
import { answer, body, givenInstant, money, refusals, skuParam } from '../shapes.ts'
import { basePrice, promotion } from './price-shapes.ts'

const tags = ['prices']

const prices = z
  .object({
    sku: z.string(),
    base: z.array(basePrice),
    promotions: z.array(promotion),
  })
  .openapi('Prices')

const read = createRoute({
  method: 'get',
  path: '/prices/{sku}',
  operationId: 'readPrices',
  tags,
  summary: 'The base prices of a SKU and its promotions',
  request: { params: skuParam },
  responses: { 200: answer(prices, 'Its prices.'), ...refusals(404) },
})

const set = createRoute({
  method: 'put',
  path: '/prices',
  operationId: 'setBasePrices',
  tags,
  summary: 'Sets base prices; they go out to every connection in their currency',
  request: {
    body: body(
      z.strictObject({
        prices: z
          .array(
            z.strictObject({
              sku: z.string().min(1),
              price: money,
              revision: z.int().min(0).optional().openapi({
                description:
                  'The one that was edited, 0 where there was no price; left out, it is not checked.',
              }),
            }),
          )
          .min(1)
          .max(1000),
      }),
    ),
  },
  responses: { 200: answer(z.object({ changed: z.number() }), 'So many changed.'), ...refusals(400, 409) },
})

const promote = createRoute({
  method: 'post',
  path: '/promotions',
  operationId: 'addPromotions',
  tags,
  summary: 'Adds dated prices; they go out at their start and are taken back at their end',
  request: {
    body: body(
      z.strictObject({
        promotions: z
          .array(
            z.strictObject({
              sku: z.string().min(1).openapi({ example: 'TEE-M' }),
              connectionId: z.string().nullable().default(null).openapi({ description: 'Null: everywhere.' }),
              price: money,
              startsAt: givenInstant,
              endsAt: givenInstant,
              priority: z.int().default(0),
              source: z.string().max(200).default('api').openapi({ example: 'Spring sale' }),
            }),
          )
          .min(1)
          .max(1000),
      }),
    ),
  },
  responses: {
    201: answer(z.object({ ids: z.array(z.string()) }), 'They were added.'),
    ...refusals(400, 404),
  },
})

export const priceRoutes = ({ hub, act }: ApiContext) =>
  createRouter()
    .openapi(read, async (c) => c.json(await readPrices(hub.db, c.req.valid('param').sku), 200))
    .openapi(set, async (c) => {
      const wanted = c.req.valid('json').prices
      const by = act()
      const changed = await transact(hub.db, async (tx) => {
        const ids = await resolveSkus(tx, wanted, 'prices')
        const edited = wanted.flatMap(({ sku, price, revision }) =>
          revision === undefined
            ? []
            : [{ variantId: ids.get(sku)!, sku, currency: price.currency, revision }],
        )
        await assertPricesUnchanged(tx, edited)
        const rows = wanted.map(({ sku, price }) => ({ variantId: ids.get(sku)!, price, source: by.actor }))
        const count = await setBasePrices(tx, rows, by)
        if (count > 0)
          await appendAudit(tx, by, {
            action: 'prices.set',
            subject: 'base_prices',
            after: { prices: wanted },
          })
        return count
      })
      return c.json({ changed }, 200)
    })
    .openapi(promote, async (c) => {
      const wanted = c.req.valid('json').promotions
      const named = new Set(wanted.flatMap(({ connectionId }) => connectionId ?? []))
      for (const connectionId of named) await findConnection(hub.db, connectionId)
      const by = act()
      const ids = await transact(hub.db, async (tx) => {
        const variants = await resolveSkus(tx, wanted, 'promotions')
        const rows = wanted.map(({ sku, ...promotion }) => ({ ...promotion, variantId: variants.get(sku)! }))
        const added = await addPromotions(tx, rows, by)
        await appendAudit(tx, by, {
          action: 'promotions.added',
          subject: 'promotional_prices',
          after: { ids: added, promotions: wanted },
        })
        return added
      })
      return c.json({ ids }, 201)
    })
