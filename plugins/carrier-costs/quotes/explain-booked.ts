import { ConflictError, NotFoundError, type PluginContext } from 'entrepot/sdk'
import { openVersion } from '../cards/in-force.ts'
import { readRates } from '../exchange/rates.ts'
import { renderExplanation } from '../explain.ts'
import { explainPrice } from '../price.ts'
import { priceCard, toPriceRequest } from './price-card.ts'

export type BookedExplanation = {
  shipmentId: string
  card: string
  version: number
  totalMinor: number
  currency: string
  summary: string
  /** The services of the version that give the very charges of the booking; none where the version gives others. */
  services: { service: string; explanation: readonly string[] }[]
}

/**
 * Prices a shipment again by the version that priced it when it was booked, however long ago, and says how.
 * @throws NotFoundError, ConflictError where no card of ours priced it
 */
export async function explainBooked(
  { db, services }: PluginContext,
  name: string,
): Promise<BookedExplanation> {
  const [shipment] = await services.findShipments([name])
  if (!shipment) throw new NotFoundError(`There is no booked shipment "${name}".`)
  const { quoted } = shipment
  const source = quoted?.source
  if (!quoted || source?.kind !== 'plugin' || source.pluginId !== 'carrier-costs' || source.version === null)
    throw new ConflictError(`No rate card priced the shipment ${shipment.id}.`)
  const version = { cardId: source.id, number: Number(source.version) }
  const compiled = await openVersion(db, version)
  const { from, to, parcels, shipAt } = shipment
  const request = { from, to, parcels, shipAt, declaredValue: shipment.declaredValue }
  const rates = request.declaredValue ? await readRates(db, shipAt) : null
  const asked = toPriceRequest(compiled, request, rates)
  const charges = JSON.stringify(quoted.charges.map(({ code, amountMinor }) => [code, amountMinor]))
  const found = priceCard(compiled, request, rates).filter(
    ({ price }) =>
      price && JSON.stringify(price.charges.map(({ code, amountMinor }) => [code, amountMinor])) === charges,
  )
  const what = `version ${version.number} of ${source.name}`
  return {
    shipmentId: shipment.id,
    card: version.cardId,
    version: version.number,
    totalMinor: quoted.totalMinor,
    currency: quoted.currency,
    summary:
      found.length > 0
        ? `${shipment.id} was priced by ${what}, which gives the same price today.`
        : `${shipment.id} was priced by ${what}, which gives another price today: an exchange rate of its day has changed since.`,
    services: found.map(({ service: { definition } }) => ({
      service: definition.code,
      explanation: renderExplanation(explainPrice(compiled, asked, definition.code)),
    })),
  }
}
