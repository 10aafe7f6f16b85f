import type { RemoteOrderCharge, RemoteOrderLine, RemotePayment } from '../sdk/model/order.ts'
import { amountField } from './amount.ts'
import { instantField, maxLength, nameOf, required, requiredText, textField, wholeField } from './field.ts'
import { FieldError } from './item.ts'
import type { JoinTable, Kept } from './join.ts'
import type { OrderFields, Value } from './profile.ts'
import { compileJoin, findRows, type Scope } from './value.ts'

type Cells = readonly string[]
/** Reads something that has an amount in the order's currency. */
export type Priced<Result> = (cells: Cells, currency: string) => Result

/** Compiles entries for the rows of a joined file, or for the order's own row where `each` is left out. */
export function eachOf<Entry extends { each?: string | undefined }, Result>(
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

/** The lines of an order. */
export function linesOf(fields: OrderFields, scope: Scope): Priced<RemoteOrderLine[]> {
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

/** An amount that is zero or more. */
export function atLeastZero(value: Value | undefined, scope: Scope): Priced<number | null> {
  const amount = amountField(value, scope, 'amount')
  return (cells, currency) => {
    const minor = amount(cells, currency)
    if (minor !== null && minor < 0)
      throw new FieldError(nameOf(value, 'amount'), 'the amount cannot be negative')
    return minor
  }
}

/** An amount that belongs to no line; none where the file gives no figure. */
export function compileCharge(
  spec: OrderFields['charges'][number],
  scope: Scope,
): Priced<RemoteOrderCharge | null> {
  const label = requiredText(spec.label, scope, maxLength.title, 'label')
  const amount = amountField(spec.amount, scope, 'amount')
  return (cells, currency) => {
    const amountMinor = amount(cells, currency)
    return amountMinor === null ? null : { kind: spec.kind, label: label(cells), amountMinor }
  }
}

/** A payment; none where the file gives no figure. */
export function compilePayment(
  spec: OrderFields['payments'][number],
  scope: Scope,
): Priced<RemotePayment | null> {
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
