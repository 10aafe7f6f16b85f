import {
  InputError,
  type PluginContext,
  parsePlace,
  parseSize,
  parseWeight,
  type ShippingRequest,
} from 'entrepot/sdk'
import { readRates } from '../exchange/rates.ts'
import { type Comparison, compareOffers, mostCommonCurrency } from './compare-offers.ts'

/** Parcels further back say little of today's couriers. */
const historyDays = 180

export type ComparisonWish = {
  request: ShippingRequest
  currency?: string | undefined
  deadline: Date | null
}

/** Asks everybody for prices and sets them side by side, in the wished currency or in that of most offers. */
export async function runComparison(
  { db, clock, services }: PluginContext,
  { request, currency, deadline }: ComparisonWish,
): Promise<Comparison> {
  const since = new Date(clock.now().getTime() - historyDays * 86_400_000)
  const [answer, rates, transit] = await Promise.all([
    services.quote(request),
    readRates(db, request.shipAt),
    services.readTransit(since),
  ])
  const inCurrency = currency ?? mostCommonCurrency(answer.offers) ?? request.declaredValue?.currency ?? 'EUR'
  return compareOffers({ ...answer, request, currency: inCurrency, deadline, rates, transit })
}

export type ParcelText = {
  from?: string | undefined
  to?: string | undefined
  /** One a parcel, with commas between. */
  weight?: string | undefined
  size?: string | undefined
}

/** What prices are asked for, as people write it. @throws InputError naming the field */
export function parseRequest({ from, to, weight, size }: ParcelText, shipAt: Date): ShippingRequest {
  if (!from || !to || !weight)
    throw new InputError('Say --from, --to and --weight, or --order.', !from ? 'from' : !to ? 'to' : 'weight')
  const sizes = size ? size.split(',') : []
  const weights = weight.split(',')
  if (sizes.length > 0 && sizes.length !== weights.length)
    throw new InputError(
      `There are ${weights.length} weights and ${sizes.length} sizes. Give each parcel both.`,
      'size',
    )
  const unknown = { lengthMm: null, widthMm: null, heightMm: null }
  return {
    from: parsePlace(from, 'from'),
    to: parsePlace(to, 'to'),
    parcels: weights.map((text, index) => ({
      weightGrams: parseWeight(text, 'weight'),
      ...(sizes.length > 0 ? parseSize(sizes[index]!, 'size') : unknown),
    })),
    shipAt,
    declaredValue: null,
  }
}
