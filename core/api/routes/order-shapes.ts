import { z } from '@hono/zod-openapi'
import { type ExceptionCause, exceptionCauses } from '../../orders/exceptions.ts'
import { orderStatuses } from '../../sdk/model/order.ts'
import { givenInstant, instant } from '../shapes.ts'
import { refundRow, returnRow } from './return-shapes.ts'
import { address, shipmentRow } from './shipment-shapes.ts'

export const orderRow = z
  .object({
    id: z.string().openapi({ example: 'ord_01k5' }),
    connectionId: z.string(),
    externalId: z.string(),
    number: z.string().openapi({ example: '1042' }),
    status: z.enum(orderStatuses),
    externalStatus: z.string(),
    placedAt: instant,
    paidAt: instant.nullable(),
    currency: z.string(),
    totalMinor: z.number(),
    refundedMinor: z.number(),
    shippingService: z.string().nullable(),
    shipBy: instant.nullable(),
    deliverBy: instant.nullable(),
    flags: z.array(z.string()),
    importedAt: instant,
    holdReason: z.string().nullable().openapi({ description: 'Why a person keeps it from shipping.' }),
    heldBy: z.string().nullable(),
    heldAt: instant.nullable(),
    note: z.string().nullable(),
    revision: z.number().openapi({ description: 'Send it with an edit.' }),
  })
  .openapi('OrderRow')

const causes = Object.keys(exceptionCauses) as [ExceptionCause, ...ExceptionCause[]]
export const exceptionFilter = z.enum([...causes, 'any'])

const exception = z
  .object({
    cause: z.enum(causes),
    message: z.string(),
    problemId: z.string().nullable(),
    remedy: z.string(),
  })
  .openapi('OrderException')

/** An order that cannot go on, with every reason. */
export const exceptionRow = z.object({ order: orderRow, exceptions: z.array(exception) })
export const exceptionCounts = z.object(
  Object.fromEntries(causes.map((cause) => [cause, z.number()])) as Record<ExceptionCause, z.ZodNumber>,
)

/** A cause with what to do about it. */
export const withRemedy = <Found extends { cause: ExceptionCause }>(found: Found) => ({
  ...found,
  remedy: exceptionCauses[found.cause],
})

const party = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('clear'),
      name: z.string(),
      company: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      addressLines: z.array(z.string()).readonly(),
      city: z.string().nullable(),
      region: z.string().nullable(),
      postcode: z.string().nullable(),
      country: z.string().nullable(),
    }),
    z.object({ kind: z.literal('handle'), handle: z.string() }),
  ])
  .openapi({ description: 'Personal data: in clear, or as an opaque handle of the platform.' })

const line = z.object({
  id: z.string(),
  externalId: z.string(),
  sku: z.string().nullable(),
  variantId: z.string().nullable().openapi({ description: 'Null while the SKU is unknown here.' }),
  title: z.string(),
  quantity: z.number(),
  cancelledQuantity: z.number(),
  handedOverQuantity: z.number().openapi({ description: 'Units that couriers have.' }),
  inShipments: z.number().openapi({ description: 'Units in shipments that are planned, booked or gone.' }),
  returnedQuantity: z.number(),
  missing: z.number().openapi({ description: 'Units that were sold and are not there.' }),
  allocation: z
    .array(z.object({ warehouseId: z.string(), sku: z.string(), held: z.number(), shipped: z.number() }))
    .openapi({ description: 'What is held and what left, by warehouse; of a bundle, its components.' }),
  unitPriceMinor: z.number(),
  discountMinor: z.number(),
  taxMinor: z.number(),
  totalMinor: z.number(),
})

/** The schema of an order is the row with everything that hangs on it. */
export const orderDetail = z
  .object({
    ...orderRow.shape,
    lines: z.array(line),
    charges: z.array(
      z.object({
        kind: z.enum(['shipping', 'fee', 'discount', 'tax', 'other']),
        label: z.string(),
        amountMinor: z.number(),
      }),
    ),
    payments: z.array(
      z.object({
        method: z.string(),
        amountMinor: z.number(),
        paidAt: instant.nullable(),
        reference: z.string().nullable(),
      }),
    ),
    parties: z.array(
      z.object({
        role: z.enum(['buyer', 'ship_to']),
        party: party.nullable(),
        isCorrected: z.boolean(),
        erasedAt: instant.nullable(),
      }),
    ),
    isMasked: z.boolean().openapi({ description: 'Whether people are shown as initials and places only.' }),
    exceptions: z.array(exception),
    problems: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        message: z.string(),
        remedy: z.string(),
        since: instant,
      }),
    ),
    shipments: z.array(shipmentRow),
    returns: z.array(returnRow),
    refunds: z.array(refundRow),
    quotes: z.array(z.object({ id: z.string(), createdAt: instant, offers: z.number() })),
    timeline: z.array(
      z.object({
        kind: z.string(),
        fromStatus: z.string().nullable(),
        toStatus: z.string().nullable(),
        detail: z.string().nullable(),
        actor: z.string(),
        at: instant,
      }),
    ),
    calls: z.array(
      z.object({
        id: z.string(),
        operation: z.string(),
        state: z.string(),
        error: z.string().nullable(),
        attempts: z.number(),
        createdAt: instant,
        finishedAt: instant.nullable(),
      }),
    ),
  })
  .openapi('Order')

export const shipmentInput = z
  .strictObject({
    carrier: z.string().min(1).max(200).openapi({ example: 'DHL' }),
    trackingNumber: z.string().min(1).max(200).openapi({ example: 'JJD000390007' }),
    service: z.string().max(200).nullable().default(null),
    shippedAt: givenInstant,
    lines: z
      .array(z.strictObject({ lineId: z.string(), quantity: z.int().min(0) }))
      .min(1)
      .optional()
      .openapi({ description: 'Everything that is not cancelled, if left out.' }),
  })
  .openapi('ShipmentInput')

export const refundInput = z
  .strictObject({
    reference: z.string().min(1).max(100).openapi({
      example: 'RMA-17',
      description: 'Asking again with the same one gives nothing back twice.',
    }),
    amountMinor: z.int().min(1),
    reason: z.string().min(1).max(500),
    isRestocked: z
      .boolean()
      .default(false)
      .openapi({ description: 'Whether the units return to the stock of the platform.' }),
    lines: z
      .array(z.strictObject({ lineId: z.string(), quantity: z.int().min(1), amountMinor: z.int().min(0) }))
      .max(1000)
      .default([]),
    isMadeElsewhere: z.boolean().default(false).openapi({
      description: 'Whether the money was given back on the platform already: it is written down only.',
    }),
  })
  .openapi('RefundInput')

const revision = z.int().min(1).openapi({ description: 'The one that was edited.' })
export const holdInput = z
  .strictObject({ revision, reason: z.string().trim().min(1).max(500) })
  .openapi('OrderHold')
export const releaseInput = z.strictObject({ revision }).openapi('OrderRelease')
export const noteInput = z.strictObject({ revision, note: z.string().max(5000) }).openapi('OrderNote')
export const addressInput = z
  .strictObject({ revision, address: address.omit({ isResidential: true }) })
  .openapi('AddressCorrection')

export const requestedCall = z
  .object({
    callId: z.string().openapi({ example: 'onc_01k5' }),
    state: z.string().openapi({ example: 'waiting' }),
  })
  .openapi('RequestedCall')
