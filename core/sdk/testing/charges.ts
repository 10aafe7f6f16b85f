import assert from 'node:assert/strict'
import { isCurrency } from '../model/money.ts'
import type { QuoteCharge } from '../model/shipment.ts'

/** Asserts that a price is one: a currency that exists, above zero, and the sum of its parts. */
export function assertPrice(
  price: { currency: string; totalMinor: number; charges: readonly QuoteCharge[] },
  what: string,
): void {
  const { currency, totalMinor, charges } = price
  assert(isCurrency(currency), `${what}: "${currency}" is no ISO 4217 currency.`)
  assert(Number.isSafeInteger(totalMinor), `${what}: ${totalMinor} is no amount in minor units.`)
  assert(totalMinor > 0, `${what}: a price has to be above zero, but is ${totalMinor}.`)
  for (const { label, amountMinor } of charges) {
    assert(
      Number.isSafeInteger(amountMinor),
      `${what}: ${amountMinor} (${label}) is no amount in minor units.`,
    )
    assert(label.trim(), `${what}: a charge of ${amountMinor} has no label.`)
  }
  const sum = charges.reduce((total, charge) => total + charge.amountMinor, 0)
  assert.equal(sum, totalMinor, `${what}: the charges have to add up to the total.`)
}
