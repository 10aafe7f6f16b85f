import { isCurrency } from 'entrepot/sdk'
import { type Body, type Complaint, invalidParams, notInEnum, notOfType, WpFailure } from './sandbox-wire.ts'

export const orderStatusSlugs = [
  'auto-draft',
  'pending',
  'processing',
  'on-hold',
  'completed',
  'cancelled',
  'refunded',
  'failed',
  'checkout-draft',
]
/** What a single call checks and a batch does not. `custom` are statuses that plugins registered. */
export function validateOrder(body: Body, custom: readonly string[]): void {
  const complaints: Record<string, Complaint> = {}
  const statuses = [...orderStatusSlugs, ...custom]
  if (body.status !== undefined && !statuses.includes(String(body.status)))
    complaints.status = notInEnum('status', statuses)
  const { currency, billing } = body
  if (currency !== undefined && !(isCurrency(String(currency)) && currency !== 'XXX'))
    complaints.currency = notInEnum('currency', Intl.supportedValuesOf('currency'))
  const email = (billing as { email?: unknown } | undefined)?.email
  if (email !== undefined && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(String(email)))
    complaints.billing = { code: 'rest_invalid_email', message: 'Invalid email address.', data: null }
  for (const [index, line] of listOf(body.line_items).entries())
    for (const field of ['total', 'subtotal'])
      if (line[field] !== undefined && typeof line[field] !== 'string')
        complaints.line_items = notOfType(`line_items[${index}][${field}]`, 'string')
  if (Object.keys(complaints).length > 0) throw invalidParams(complaints)
  const customer = Number(body.customer_id ?? 0)
  if (customer > 0)
    throw new WpFailure(400, 'woocommerce_rest_invalid_customer_id', 'Customer ID is invalid.')
}

export const listOf = (value: unknown): Body[] => (Array.isArray(value) ? (value as Body[]) : [])
