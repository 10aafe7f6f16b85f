import { formatMoney } from '../lib/money.ts'
import { orderStatuses, type Party, type RemoteOrder, type RemoteOrderStatus } from '../sdk/model/order.ts'
import { currencyField } from './amount.ts'
import { type Field, instantField, maxLength, nameOf, required, requiredText, textField } from './field.ts'
import { FieldError, type Note, type OrderRecord } from './item.ts'
import { atLeastZero, compileCharge, compilePayment, eachOf, linesOf } from './map-order-parts.ts'
import type { OrderFields, OrderProfile, PartySpec, Value } from './profile.ts'
import type { Scope } from './value.ts'

type Cells = readonly string[]

/** The function from an order's row to the order. It throws FieldError for what cannot be used. */
export function compileOrder(profile: OrderProfile, scope: Scope): Field<OrderRecord> {
  const { fields } = profile
  const head = headOf(fields, scope)
  const currency = currencyField(fields.currency, scope, profile.currency)
  const lines = linesOf(fields, scope)
  const charges = eachOf(fields.charges, scope, compileCharge)
  const payments = eachOf(fields.payments, scope, compilePayment)
  const total = atLeastZero(fields.total, scope)
  const refunded = atLeastZero(fields.refunded, scope)
  return (cells) => {
    const code = currency(cells)
    const parts = {
      lines: lines(cells, code),
      charges: charges(cells, code),
      payments: payments(cells, code),
    }
    const order: RemoteOrder = {
      ...head(cells),
      ...parts,
      currency: code,
      totalMinor:
        total(cells, code) ??
        sumOf(parts.lines.map((line) => line.totalMinor)) +
          sumOf(parts.charges.map((charge) => charge.amountMinor)),
      refundedMinor: refunded(cells, code) ?? 0,
    }
    return { order, notes: notesOn(order, fields) }
  }
}

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0)

/** What is odd about an order, and taken as it is. */
function notesOn(order: RemoteOrder, fields: OrderFields): Note[] {
  const notes: Note[] = []
  if (fields.lines && order.lines.length === 0) {
    notes.push({ kind: 'noLines', column: fields.lines.each, text: 'the order has no lines' })
  }
  const paid = sumOf(order.payments.map((payment) => payment.amountMinor))
  if (order.payments.length > 0 && paid !== order.totalMinor) {
    const [is, was] = [paid, order.totalMinor].map((minor) =>
      formatMoney({ minor, currency: order.currency }),
    )
    notes.push({
      kind: 'paymentDifferences',
      column: 'payments',
      text: `the payments are ${is}, the order totals ${was}`,
    })
  }
  return notes
}

function headOf(fields: OrderFields, scope: Scope) {
  const externalId = requiredText(fields.externalId, scope, maxLength.id, 'order id')
  const number = textField(fields.number, scope, maxLength.id)
  const status = statusField(fields.status, scope)
  const externalStatus = requiredText(fields.externalStatus, scope, maxLength.id, 'status')
  const placedAt = required(instantField(fields.placedAt, scope, 'time'), nameOf(fields.placedAt, 'time'))
  const updatedAt = instantField(fields.updatedAt, scope, 'time')
  const paidAt = instantField(fields.paidAt, scope, 'time')
  const shipBy = instantField(fields.shipBy, scope, 'time')
  const deliverBy = instantField(fields.deliverBy, scope, 'time')
  const shippingService = textField(fields.shippingService, scope, maxLength.id)
  const buyer = partyOf(fields.buyer, scope)
  const shipTo = partyOf(fields.shipTo, scope)
  return (cells: Cells) => {
    const placed = placedAt(cells)
    return {
      externalId: externalId(cells),
      number: number(cells) ?? externalId(cells),
      status: status(cells),
      externalStatus: externalStatus(cells),
      isStockHeld: false,
      placedAt: placed,
      updatedAt: updatedAt(cells) ?? paidAt(cells) ?? placed,
      paidAt: paidAt(cells),
      shipBy: shipBy(cells),
      deliverBy: deliverBy(cells),
      shippingService: shippingService(cells),
      buyer: buyer(cells),
      shipTo: shipTo(cells),
    }
  }
}

function statusField(value: Value, scope: Scope): Field<RemoteOrderStatus> {
  const text = requiredText(value, scope, maxLength.id, 'status')
  const known = new Set<string>(orderStatuses.filter((status) => status !== 'allocated'))
  return (cells) => {
    const status = text(cells)
    if (!known.has(status))
      throw new FieldError(nameOf(value, 'status'), `"${status}" is none of ${[...known].join(', ')}`)
    return status as RemoteOrderStatus
  }
}

function partyOf(spec: PartySpec | undefined, scope: Scope): Field<Party | null> {
  if (!spec) return () => null
  if ('handle' in spec) {
    const handle = textField(spec.handle, scope, maxLength.title)
    return (cells) => {
      const found = handle(cells)
      return found === null ? null : { kind: 'handle', handle: found }
    }
  }
  const read = (value: Value | undefined) => textField(value, scope, maxLength.title)
  const name = read(spec.name)
  const addressLines = spec.addressLines.map(read)
  const [company, email, phone, city] = [spec.company, spec.email, spec.phone, spec.city].map(read)
  const [region, postcode, country] = [spec.region, spec.postcode, spec.country].map(read)
  return (cells) => ({
    kind: 'clear',
    name: name(cells) ?? '',
    company: company!(cells),
    email: email!(cells),
    phone: phone!(cells),
    addressLines: addressLines.flatMap((line) => line(cells) ?? []),
    city: city!(cells),
    region: region!(cells),
    postcode: postcode!(cells),
    country: country!(cells),
  })
}
