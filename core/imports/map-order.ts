import { formatMoney } from '../lib/money.ts'
import {
  orderStatuses,
  type Party,
  type RemoteOrder,
  type RemoteOrderCharge,
  type RemoteOrderLine,
  type RemoteOrderStatus,
  type RemotePayment,
} from '../sdk/model/order.ts'
import {
  amountField,
  currencyField,
  type Field,
  instantField,
  maxLength,
  nameOf,
  required,
  requiredText,
  textField,
  wholeField,
} from './field.ts'
import { FieldError, type Note, type OrderRecord } from './item.ts'
import type { JoinTable, Kept } from './join.ts'
import type { OrderFields, OrderProfile, PartySpec, Value } from './profile.ts'
import { compileJoin, findRows, type Scope } from './value.ts'

type Cells = readonly string[]
/** Reads something that has an amount in the order's currency. */
type Priced<Result> = (cells: Cells, currency: string) => Result

/** The function from an order's row to the order. It throws FieldError for what cannot be used. */
export function compileOrder(profile: OrderProfile, scope: Scope): Field<OrderRecord> {
  const { fields } = profile
  const head = headOf(fields, scope)
  const currency = currencyField(fields.currency, scope, profile.currency)
  const lines = linesOf(fields, scope)
  const charges = eachOf(fields.charges, scope, compileCharge)
  const payments = eachOf(fields.payments, scope, compilePayment)
  const total = amountField(fields.total, scope, 'total')
  const refunded = amountField(fields.refunded, scope, 'refund')
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

/** Compiles entries for the rows of a joined file, or for the order's own row where `each` is left out. */
function eachOf<Entry extends { each?: string | undefined }, Result>(
  entries: readonly Entry[],
  scope: Scope,
  compile: (entry: Entry, scope: Scope) => Priced<Result | null>,
): Priced<Result[]> {
  const reads = entries.map((entry): Priced<Result[]> => {
    if (entry.each === undefined) {
      const read = compile(entry, scope)
      return (cells, currency) => present([read(cells, currency)])
    }
    const { table, key } = compileJoin(entry.each, scope)
    const missing: string[] = []
    const read = compile(entry, { ...scope, columns: table?.columns ?? new Map(), missing })
    scope.missing.push(...missing.map((name) => `${entry.each}.${name}`))
    return (cells, currency) =>
      present(
        findRows(table, key(cells)).map((row) => readJoined(table!, row, () => read(row.cells, currency))),
      )
  })
  return (cells, currency) => reads.flatMap((read) => read(cells, currency))
}

/** Names the joined row when it is the one that cannot be used. */
function readJoined<Result>(table: JoinTable, row: Kept, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    throw new FieldError(error.column, `${table.file} line ${row.line}: ${error.message}`)
  }
}

const present = <Result>(results: readonly (Result | null)[]) => results.filter((result) => result !== null)

function linesOf(fields: OrderFields, scope: Scope): Priced<RemoteOrderLine[]> {
  return eachOf(fields.lines ? [fields.lines] : [], scope, compileLine)
}

function compileLine(spec: NonNullable<OrderFields['lines']>, scope: Scope): Priced<RemoteOrderLine> {
  const externalId = requiredText(spec.externalId, scope, maxLength.id, 'line id')
  const sku = textField(spec.sku, scope, maxLength.id)
  const title = requiredText(spec.title, scope, maxLength.title, 'line title')
  const quantity = required(
    wholeField(spec.quantity, scope, 'quantity', 1),
    nameOf(spec.quantity, 'quantity'),
  )
  const cancelled = wholeField(spec.cancelledQuantity, scope, 'cancelled quantity')
  const [price, discount, tax] = [spec.unitPrice, spec.discount, spec.tax].map((value) =>
    atLeastZero(value, scope),
  )
  return (cells, currency) => {
    const units = quantity(cells)
    const unitPriceMinor = price!(cells, currency)
    if (unitPriceMinor === null)
      throw new FieldError(nameOf(spec.unitPrice, 'price'), 'the unit price is empty')
    const discountMinor = discount!(cells, currency) ?? 0
    const totalMinor = unitPriceMinor * units - discountMinor
    if (!Number.isSafeInteger(totalMinor)) {
      throw new FieldError(nameOf(spec.unitPrice, 'price'), 'the line comes to more than can be counted')
    }
    return {
      externalId: externalId(cells),
      sku: sku(cells),
      externalListingId: null,
      title: title(cells),
      quantity: units,
      cancelledQuantity: cancelled(cells) ?? 0,
      unitPriceMinor,
      discountMinor,
      taxMinor: tax!(cells, currency) ?? 0,
      totalMinor,
    }
  }
}

function atLeastZero(value: Value | undefined, scope: Scope): Priced<number | null> {
  const amount = amountField(value, scope, 'amount')
  return (cells, currency) => {
    const minor = amount(cells, currency)
    if (minor !== null && minor < 0)
      throw new FieldError(nameOf(value, 'amount'), 'the amount cannot be negative')
    return minor
  }
}

function compileCharge(spec: OrderFields['charges'][number], scope: Scope): Priced<RemoteOrderCharge | null> {
  const label = requiredText(spec.label, scope, maxLength.title, 'label')
  const amount = amountField(spec.amount, scope, 'amount')
  return (cells, currency) => {
    const amountMinor = amount(cells, currency)
    return amountMinor === null ? null : { kind: spec.kind, label: label(cells), amountMinor }
  }
}

function compilePayment(spec: OrderFields['payments'][number], scope: Scope): Priced<RemotePayment | null> {
  const method = requiredText(spec.method, scope, maxLength.id, 'method')
  const amount = amountField(spec.amount, scope, 'amount')
  const paidAt = instantField(spec.paidAt, scope, 'time')
  const reference = textField(spec.reference, scope, maxLength.id)
  return (cells, currency) => {
    const amountMinor = amount(cells, currency)
    if (amountMinor === null) return null
    return { method: method(cells), amountMinor, paidAt: paidAt(cells), reference: reference(cells) }
  }
}
