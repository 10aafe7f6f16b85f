import { z } from '@hono/zod-openapi'
import { dispositions } from '../../returns/receive.ts'
import { refundStates } from '../../returns/refunds.ts'
import { returnStatuses } from '../../sdk/model/order.ts'
import { instant } from '../shapes.ts'

const refundedLine = z.object({ lineId: z.string(), quantity: z.number(), amountMinor: z.number() })

export const refundRow = z
  .object({
    id: z.string().openapi({ example: 'rfd_01k5' }),
    orderId: z.string(),
    returnId: z.string().nullable(),
    reference: z.string(),
    amountMinor: z.number(),
    currency: z.string(),
    reason: z.string(),
    lines: z.array(refundedLine),
    isRestocked: z.boolean(),
    state: z.enum(refundStates).openapi({
      description: '`proposed` waits for a person; `needs_decision` for one who looks on the platform.',
    }),
    error: z.string().nullable(),
    proposalId: z.string().nullable(),
    callId: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    doneAt: instant.nullable(),
  })
  .openapi('Refund')

export const returnRow = z
  .object({
    id: z.string().openapi({ example: 'ret_01k5' }),
    orderId: z.string(),
    orderNumber: z.string(),
    connectionId: z.string(),
    externalId: z.string().nullable().openapi({ description: 'Null for one that a person entered.' }),
    status: z.enum(returnStatuses),
    units: z.number(),
    accountedUnits: z.number().openapi({ description: 'Units that came, or never will.' }),
    refundedMinor: z.number(),
    currency: z.string(),
    note: z.string().nullable(),
    revision: z.number(),
    createdBy: z.string(),
    createdAt: instant,
    closedAt: instant.nullable(),
  })
  .openapi('ReturnRow')

export const returnDetail = returnRow
  .extend({
    lines: z.array(
      z.object({
        lineId: z.string(),
        sku: z.string().nullable(),
        title: z.string(),
        orderedQuantity: z.number(),
        lineTotalMinor: z.number(),
        quantity: z.number(),
        reason: z.string(),
        condition: z.string().nullable(),
        restockedQuantity: z.number(),
        writtenOffQuantity: z.number(),
        missingQuantity: z.number(),
      }),
    ),
    timeline: z.array(
      z.object({
        kind: z.string(),
        fromStatus: z.enum(returnStatuses).nullable(),
        toStatus: z.enum(returnStatuses).nullable(),
        detail: z.string().nullable(),
        actor: z.string(),
        at: instant,
      }),
    ),
    refunds: z.array(refundRow),
  })
  .openapi('Return')

const lineId = z.string().min(1).max(100)
const quantity = z.int().min(1).max(1_000_000)
const revision = z.int().min(1).openapi({ description: 'The one that was edited.' })

export const newReturn = z
  .strictObject({
    orderId: z.string().max(100).openapi({ example: 'ord_01k5' }),
    lines: z
      .array(z.strictObject({ lineId, quantity, reason: z.string().trim().min(1).max(500) }))
      .min(1)
      .max(1000),
    note: z.string().max(5000).nullable().default(null),
    isApproved: z.boolean().default(false).openapi({ description: 'Whether the buyer may send it at once.' }),
  })
  .openapi('NewReturn')

export const approveInput = z.strictObject({ revision }).openapi('ReturnApproval')
export const closeInput = z
  .strictObject({ revision, reason: z.string().trim().min(1).max(500) })
  .openapi('ReturnClosing')

export const receiveInput = z
  .strictObject({
    revision,
    lines: z
      .array(
        z.strictObject({
          lineId,
          quantity,
          disposition: z.enum(dispositions),
          condition: z.string().max(200).nullable().default(null),
          warehouseId: z
            .string()
            .max(100)
            .optional()
            .openapi({ description: 'Where the units left from, if left out.' }),
        }),
      )
      .min(1)
      .max(1000),
  })
  .openapi('ReturnReceipt')

export const returnRefundInput = z
  .strictObject({
    revision,
    lines: z
      .array(z.strictObject({ lineId, quantity, amountMinor: z.int().min(0) }))
      .max(1000)
      .default([]),
    shippingMinor: z.int().min(0).default(0).openapi({ description: 'What of the shipping is given back.' }),
    reason: z.string().trim().min(1).max(500),
    isMadeElsewhere: z.boolean().default(false).openapi({
      description: 'Whether the money was given back on the platform already: it is written down only.',
    }),
  })
  .openapi('ReturnRefund')

export const requestedRefund = z
  .object({
    refundId: z.string().openapi({ example: 'rfd_01k5' }),
    state: z.enum(refundStates),
    callId: z.string().nullable(),
    proposalId: z.string().nullable(),
  })
  .openapi('RequestedRefund')
