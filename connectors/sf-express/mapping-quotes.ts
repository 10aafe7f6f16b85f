import { type Place, parseMoney, type Quote, type QuoteAnswer, type QuoteRequest } from 'entrepot/sdk'
import { fromBeijing, toBeijing } from './beijing-time.ts'
import type { Offer, Settings } from './schemas.ts'

/** Why SF cannot be asked for this price, or null. */
export function reasonAgainst(request: QuoteRequest): string | null {
  for (const [side, place] of [
    ['sender', request.from],
    ['recipient', request.to],
  ] as const) {
    if (place.country !== 'CN')
      return `SF Express tells prices within the mainland only; the ${side} is in ${place.country}.`
    if (!place.region || !place.city) return `SF Express needs province and city of the ${side}.`
  }
  return null
}

const placeOf = ({ region, city }: Place) => ({ province: region, city })

/** Kilograms to two decimals, and cubic centimetres; both rounded up, as SF measures no finer. */
function measuresOf({ parcels }: QuoteRequest) {
  const weight = Math.ceil(parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0) / 10) / 100
  const volumes = parcels.map(({ lengthMm, widthMm, heightMm }) =>
    lengthMm === null || widthMm === null || heightMm === null ? null : lengthMm * widthMm * heightMm,
  )
  if (volumes.includes(null)) return { weight }
  return { weight, volume: Math.ceil(volumes.reduce<number>((sum, volume) => sum + volume!, 0) / 1000) }
}

/** @param product a code, or nothing for all that SF offers there. */
export function toQuoteMessage(request: QuoteRequest, product: string, { monthlyCard }: Settings) {
  return {
    businessType: product,
    ...measuresOf(request),
    consignedTime: toBeijing(request.shipAt),
    searchPrice: '1',
    destAddress: placeOf(request.to),
    srcAddress: placeOf(request.from),
    ...(monthlyCard ? { monthlyCard } : {}),
  }
}

/** The later of SF's two times. */
function deliverBy(offer: Offer): Date | null {
  const last = offer.deliverTime?.split(',').at(-1)?.trim()
  const at = last ? fromBeijing(last) : null
  return at && !Number.isNaN(at.getTime()) ? at : null
}

function toQuote(offer: Offer, fee: string, settings: Settings): Quote {
  const { minor, currency } = parseMoney(fee, offer.currency ?? settings.currency)
  return {
    service: offer.businessType,
    serviceName: settings.products[offer.businessType] ?? offer.businessTypeDesc ?? offer.businessType,
    currency,
    totalMinor: minor,
    charges: [{ kind: 'base', code: null, label: '运费', amountMinor: minor }],
    transitDays: null,
    deliverBy: deliverBy(offer),
    expiresAt: null,
    billedWeightGrams: null,
  }
}

/** Prices of the products in question; one without a price is not offered, never free. */
export function toQuoteAnswer(
  offers: readonly Offer[],
  wanted: readonly string[],
  settings: Settings,
): QuoteAnswer {
  const quotes: Quote[] = []
  const notOffered: { service: string; reason: string }[] = []
  for (const service of wanted) {
    const offer = offers.find(({ businessType }) => businessType === service)
    const price = offer?.fee && Number(offer.fee) > 0 ? offer.fee : null
    if (offer && price) quotes.push(toQuote(offer, price, settings))
    else
      notOffered.push({
        service,
        reason: offer ? 'SF Express names no price.' : 'Not offered on this route.',
      })
  }
  return { quotes, notOffered }
}
