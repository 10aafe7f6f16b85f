import { createRoute, z } from '@hono/zod-openapi'
import { listCoupons } from '../../coupons/read.ts'
import { couponStatuses } from '../../sdk/model/coupon.ts'
import type { ApiContext } from '../context.ts'
import { createRouter } from '../errors.ts'
import { answer, countingCursor, instant, money, pageOf, pageQuery, refusals, toPage } from '../shapes.ts'

const coupon = z
  .object({
    id: z.string().openapi({ example: 'cpn_01k5' }),
    connectionId: z.string(),
    code: z.string().openapi({ example: 'SPRING-20' }),
    basisPoints: z.number().openapi({ description: 'What is taken off, in hundredths of a percent.' }),
    least: money.nullable().openapi({ description: 'The least value of a basket; null: any.' }),
    variantIds: z.array(z.string()).nullable().openapi({ description: 'Null: all goods.' }),
    excludesReduced: z.boolean(),
    usageLimit: z.number().nullable(),
    startsAt: instant,
    endsAt: instant,
    source: z.string().openapi({ example: 'plugin:campaigns' }),
    approvedBy: z.string(),
    state: z.enum(couponStatuses),
    externalId: z.string().nullable(),
    error: z.string().nullable(),
    liveAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .openapi('Coupon')

const list = createRoute({
  method: 'get',
  path: '/coupons',
  operationId: 'listCoupons',
  tags: ['coupons'],
  summary: 'Coupons and what became of them, those that start last first',
  request: {
    query: pageQuery.extend({
      connectionId: z.string().max(200).optional(),
      state: z.enum(couponStatuses).optional(),
    }),
  },
  responses: { 200: answer(pageOf(coupon), 'A page of coupons.'), ...refusals(400) },
})

export const couponRoutes = ({ hub }: ApiContext) =>
  createRouter().openapi(list, async (c) => {
    const { after, limit, ...filter } = c.req.valid('query')
    const offset = countingCursor(after)
    const found = await listCoupons(hub.db, { ...filter, limit: limit + 1, offset })
    return c.json(
      toPage(found, limit, () => String(offset + limit)),
      200,
    )
  })
