import { z } from '@hono/zod-openapi'
import { givenInstant, idParam, instant } from '../shapes.ts'

export const connectionParam = idParam('con_01k5')

const guardRails = {
  maxEndedBasisPoints: z.number(),
  maxZeroedBasisPoints: z.number(),
  maxRepricedBasisPoints: z.number(),
  maxPriceStepBasisPoints: z.number(),
  maxRefundMinor: z.number().nullable().openapi({
    description:
      'Refunds of one order above this need approval, in minor units of the currency; null: none does.',
  }),
  confirmAt: z
    .enum(['booking', 'hand_over'])
    .openapi({ description: 'When a marketplace is told of a shipment.' }),
}

/** A connection without anything secret. */
export const connectionSchema = z
  .object({
    id: z.string().openapi({ example: 'con_01k5' }),
    connector: z.string().openapi({ example: 'woocommerce' }),
    name: z.string().openapi({ example: 'Main shop' }),
    settings: z.record(z.string(), z.unknown()),
    hiddenSettings: z.array(z.string()).openapi({ description: 'Settings that are set and secret.' }),
    currency: z.string(),
    locale: z.string(),
    status: z.enum(['active', 'observing', 'paused']),
    pausedReason: z.string().nullable(),
    isLocal: z.boolean(),
    rateScale: z.number(),
    ordersFrom: instant.nullable(),
    ...guardRails,
    revision: z.int().openapi({ description: 'A change must name the one it was made from.' }),
    createdAt: instant,
    credentialsUpdatedAt: instant.nullable(),
  })
  .openapi('Connection')

export const newConnection = z
  .strictObject({
    connector: z.string().openapi({ example: 'woocommerce' }),
    name: z.string().max(200).openapi({ example: 'Main shop' }),
    settings: z.record(z.string(), z.unknown()).openapi({
      example: { url: 'https://shop.example', currency: 'EUR', locale: 'en' },
    }),
    credentials: z.record(z.string(), z.unknown()),
    isLocal: z.boolean().optional().openapi({ description: 'Whether private addresses may be called.' }),
    rateScale: z.number().positive().optional(),
    currency: z.string().length(3).optional(),
    locale: z.string().optional(),
    ordersFrom: givenInstant.optional(),
  })
  .openapi('NewConnection')

const basisPoints = z.int().min(0).max(10_000).optional()

export const connectionChange = z
  .strictObject({
    revision: z.int().openapi({
      description:
        'The `revision` of the connection that was read; another one means that somebody changed it meanwhile.',
    }),
    name: z.string().trim().min(1).max(200).optional(),
    settings: z.record(z.string(), z.unknown()).optional().openapi({
      description: 'Settings that are not named stay; null takes one away.',
    }),
    maxEndedBasisPoints: basisPoints,
    maxZeroedBasisPoints: basisPoints,
    maxRepricedBasisPoints: basisPoints,
    maxPriceStepBasisPoints: z.int().min(0).max(1_000_000).optional(),
    maxRefundMinor: z.int().min(0).nullable().optional(),
    confirmAt: z.enum(['booking', 'hand_over']).optional(),
  })
  .openapi('ConnectionChange')
