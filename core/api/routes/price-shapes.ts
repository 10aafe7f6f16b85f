import { z } from '@hono/zod-openapi'
import { instant, money } from '../shapes.ts'

export const basePrice = z.object({
  price: money,
  source: z.string(),
  revision: z.number().openapi({ description: 'What an edit of it must send back.' }),
  updatedAt: instant,
})

export const promotion = z.object({
  id: z.string(),
  connectionId: z.string().nullable(),
  price: money,
  startsAt: instant,
  endsAt: instant,
  priority: z.number(),
  source: z.string(),
})
