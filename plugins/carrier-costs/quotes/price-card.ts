import type { Money, Parcel, Place } from 'entrepot/sdk'
import type { Compiled, CompiledService } from '../compile.ts'
import type { Rates } from '../exchange/rates.ts'
import { describeRefusal } from '../explain.ts'
import { priceServices } from '../price.ts'
import type { Price, PriceRequest } from '../quote.ts'

/** What is to be priced, in whatever currency its value is declared. */
export type CardRequest = {
  from: Place
  to: Place
  parcels: readonly Parcel[]
  shipAt: Date
  declaredValue: Money | null
}

/** Why there is no price. The code is one of few, so that reasons can be counted; the text has the particulars. */
export type Reason = { code: string; text: string }

export type CardPrice =
  | { service: CompiledService; price: Price; reason: null }
  | { service: CompiledService; price: null; reason: Reason }

/** The request as the card takes it; a value that no rate expresses in the card's currency is null. */
export function toPriceRequest(compiled: Compiled, request: CardRequest, rates: Rates | null): PriceRequest {
  const { from, to, parcels, shipAt, declaredValue } = request
  const value = declaredValue && toCurrency(declaredValue, compiled.card.currency, rates)
  return { from, to, parcels, shipAt, declaredValueMinor: value }
}

function toCurrency(money: Money, currency: string, rates: Rates | null): number | null {
  if (money.currency === currency) return money.minor
  return rates?.convert(money, currency)?.minor ?? null
}

/**
 * What the request costs with each service of a card, or why it has no price. A price that would rest on a size or
 * a value that nobody knows is not given: it would be too low.
 */
export function priceCard(compiled: Compiled, request: CardRequest, rates: Rates | null): CardPrice[] {
  const asked = toPriceRequest(compiled, request, rates)
  const isValueUnknown = request.declaredValue !== null && asked.declaredValueMinor === null
  return priceServices(compiled, asked).map((priced, index): CardPrice => {
    const service = compiled.services[index]!
    if (!priced.isOffered) {
      const { code } = priced.refusal
      return {
        service,
        price: null,
        reason: { code, text: describeRefusal(priced.refusal, compiled.partsPerGram) },
      }
    }
    if (priced.assumes.includes('size')) return { service, price: null, reason: sizeMissing }
    if (isValueUnknown && dependsOnValue(service))
      return { service, price: null, reason: noRate(request.declaredValue!.currency, compiled.card.currency) }
    return { service, price: priced, reason: null }
  })
}

const sizeMissing: Reason = {
  code: 'size_missing',
  text: 'The price depends on the size of each parcel, and one is missing.',
}

const noRate = (from: string, to: string): Reason => ({
  code: 'no_exchange_rate',
  text: `The price depends on the declared value, and there is no exchange rate from ${from} to ${to}. Import one.`,
})

const dependsOnValue = ({ overrides, surcharges }: CompiledService): boolean =>
  [...overrides, ...surcharges].some(({ when }) => when.valueOverMinor !== -1)
