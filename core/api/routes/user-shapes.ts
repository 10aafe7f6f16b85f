import { z } from '@hono/zod-openapi'
import { roles } from '../../sdk/role.ts'
import { instant } from '../shapes.ts'

export const role = z.enum(roles).openapi('Role')

export const userSchema = z
  .object({
    id: z.string().openapi({ example: 'usr_01k5' }),
    name: z.string(),
    email: z.string().openapi({ example: 'ada@shop.example' }),
    role,
    state: z.enum(['invited', 'active', 'disabled']),
    hasSecondFactor: z.boolean(),
    lastSignInAt: instant.nullable(),
    createdAt: instant,
    revision: z.number(),
  })
  .openapi('User')
