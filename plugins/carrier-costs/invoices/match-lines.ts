import type { HubServices, ShipmentFacts } from 'entrepot/sdk'

type Named = { carrier: string; reference: string; invoiceNumber: string; invoiceDate: string }
const dayMs = 86_400_000

/** Finds the shipments that lines name by tracking number, the courier's id or ours: one question for all. */
export async function matchLines<Line extends Named>(
  services: Pick<HubServices, 'findShipments'>,
  lines: readonly Line[],
): Promise<(Line & { subject: string; shipment: ShipmentFacts | null })[]> {
  const names = [...new Set(lines.map(({ reference }) => reference).filter((name) => name !== ''))]
  const byName = new Map<string, ShipmentFacts[]>()
  for (const shipment of await services.findShipments(names)) {
    const own = [shipment.id, shipment.externalId, ...shipment.parcels.map((parcel) => parcel.trackingNumber)]
    for (const name of new Set(own.filter((one) => one !== null)))
      byName.set(name, [...(byName.get(name) ?? []), shipment])
  }
  return lines.map((line) => {
    const shipment = pickShipment(byName.get(line.reference) ?? [], line)
    return { ...line, shipment, subject: shipment?.id ?? nameUnknown(line) }
  })
}

/** What stands for a shipment that is not known. A line without a reference stands for its invoice. */
const nameUnknown = ({ carrier, reference, invoiceNumber }: Named): string =>
  reference === '' ? `invoice:${carrier}:${invoiceNumber}` : `unknown:${carrier}:${reference}`

/** Tracking numbers come again after years: the carrier's own, booked last before the invoice, is meant. */
function pickShipment(
  found: readonly ShipmentFacts[],
  { carrier, invoiceDate }: Named,
): ShipmentFacts | null {
  const end = Date.parse(`${invoiceDate}T00:00:00Z`) + dayMs
  const [best] = [...found].sort(
    (a, b) =>
      Number(b.carrier === carrier) - Number(a.carrier === carrier) ||
      Number(b.bookedAt.getTime() < end) - Number(a.bookedAt.getTime() < end) ||
      b.bookedAt.getTime() - a.bookedAt.getTime() ||
      (a.id < b.id ? -1 : 1),
  )
  return best ?? null
}
