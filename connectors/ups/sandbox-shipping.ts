import type { Clock } from 'entrepot/sdk'
import type { Hono } from 'hono'
import { sandboxAccount, UpsRefusal } from './sandbox-gate.ts'
import type { Ledger, LedgerShipment } from './sandbox-ledger.ts'
import { makeInvoice, makeLabel } from './sandbox-papers.ts'
import { priceFor, sells } from './sandbox-rating.ts'
import {
  billingWeight,
  pickupBody,
  recoveryBody,
  requirePlace,
  requireWeights,
  shipBody,
  weightsOf,
} from './sandbox-requests.ts'
import { servicesFrom } from './services.ts'

const success = { ResponseStatus: { Code: '1', Description: 'Success' } }
type ShipRequest = ReturnType<typeof shipBody>

/** What UPS looks at before it books, in its own codes. */
function validate({ Shipment: shipment, LabelSpecification }: ShipRequest): { from: string; to: string } {
  if (shipment.Shipper.ShipperNumber !== sandboxAccount)
    throw new UpsRefusal(400, '120100', 'Missing or invalid shipper number')
  const from = requirePlace(shipment.ShipFrom.Address, 'ShipFrom')
  const to = requirePlace(shipment.ShipTo.Address, 'ShipTo')
  requireWeights(shipment.Package)
  const service = shipment.Service.Code
  if (!servicesFrom(from).some(({ code }) => code === service))
    throw new UpsRefusal(400, '121100', 'The requested service is invalid for the shipment origin')
  if (!sells(service, from, to))
    throw new UpsRefusal(
      400,
      '111210',
      'The requested service is unavailable between the selected locations.',
    )
  if (!shipment.ShipTo.Address.City) throw new UpsRefusal(400, '120205', 'Missing/Invalid ShipTo/ City')
  if (from !== to && !shipment.ShipTo.Phone)
    throw new UpsRefusal(400, '120209', 'Missing/Invalid ShipTo PhoneNumber')
  if (from === to && from === 'US' && shipment.ReferenceNumber)
    throw new UpsRefusal(400, '120541', 'Shipment/ReferenceNumber is not allowed for this shipment')
  if (!['ZPL', 'PNG', 'GIF', 'EPL', 'SPL'].includes(LabelSpecification.LabelImageFormat.Code))
    throw new UpsRefusal(400, '9120802', 'Missing or invalid label image format')
  return { from, to }
}

export function serveShipping(api: Hono, ledger: Ledger, clock: Clock, currency: string): void {
  api.post('/shipments/v2409/ship', async (c) => {
    const request = shipBody(await c.req.json())
    const { from, to } = validate(request)
    const { Shipment: wire } = request
    const service = wire.Service.Code
    const price = priceFor(service, wire.Package, from, to, currency)
    const onPackages = wire.Package[0]?.ReferenceNumber?.[0]?.Value
    const weights = weightsOf(wire.Package)
    const parcels = weights.map((weightGrams) => ({
      trackingNumber: ledger.nextTrackingNumber(service),
      weightGrams,
    }))
    const { PostalCode: postcode = '', City: city = '' } = wire.ShipTo.Address
    const shipment: LedgerShipment = {
      externalId: parcels[0]!.trackingNumber,
      reference: onPackages ?? wire.ReferenceNumber?.[0]?.Value ?? '',
      isReferenceOnPackages: onPackages !== undefined,
      service,
      origin: from,
      parcels,
      isVoided: false,
      destination: { country: to, postcode, city },
      price: { totalMinor: price.totalMinor, currency },
      bookedAt: clock.now(),
    }
    ledger.shipments.push(shipment)
    for (const { trackingNumber } of parcels) ledger.announce(trackingNumber)
    const format = request.LabelSpecification.LabelImageFormat.Code as 'ZPL' | 'PNG'
    const forms = wire.ShipmentServiceOptions?.InternationalForms
    const goods = forms?.Product.map(({ Description }) => Description.join(' ')) ?? []
    return c.json({
      ShipmentResponse: {
        Response: success,
        ShipmentResults: {
          ShipmentCharges: price.published,
          NegotiatedRateCharges: price.negotiated,
          BillingWeight: billingWeight(wire.Package),
          ShipmentIdentificationNumber: shipment.externalId,
          PackageResults: await Promise.all(
            parcels.map(async ({ trackingNumber }) => ({
              TrackingNumber: trackingNumber,
              ServiceOptionsCharges: price.zero,
              ShippingLabel: {
                ImageFormat: { Code: format, Description: format },
                GraphicImage: await makeLabel(shipment, trackingNumber, format),
              },
            })),
          ),
          ...(forms
            ? {
                Form: {
                  Code: '01',
                  Description: 'All Requested International Forms',
                  Image: {
                    ImageFormat: { Code: 'PDF', Description: 'PDF' },
                    GraphicImage: await makeInvoice(forms.InvoiceNumber, goods, clock.now()),
                  },
                },
              }
            : {}),
        },
      },
    })
  })

  api.delete('/shipments/v2409/void/cancel/:number', (c) => {
    const shipment = ledger.shipments.find(({ externalId }) => externalId === c.req.param('number'))
    if (!shipment || ledger.hasTravelled(shipment))
      throw new UpsRefusal(400, '190102', 'No shipment found within the allowed void period')
    if (shipment.isVoided) throw new UpsRefusal(400, '190117', 'The Shipment has already been voided')
    ledger.void(shipment)
    return c.json({
      VoidShipmentResponse: {
        Response: success,
        SummaryResult: { Status: { Code: '1', Description: 'Voided' } },
        PackageLevelResults: shipment.parcels.map(({ trackingNumber }) => ({
          TrackingNumber: trackingNumber,
          Status: { Code: '1', Description: 'Voided' },
        })),
      },
    })
  })
}

/** The shipment and those of its parcels that the request means, or candidates. */
function findLabels(ledger: Ledger, request: ReturnType<typeof recoveryBody>) {
  const { TrackingNumber: number, ReferenceValues: by } = request
  if (by && by.ShipperNumber !== sandboxAccount) throw new UpsRefusal(400, '300031', 'Invalid Shipper Number')
  if (!by && !number)
    throw new UpsRefusal(
      400,
      '300005',
      'Either tracking number or combination of reference plus shipper number required',
    )
  const matches = ledger.shipments.filter(({ reference, parcels }) =>
    by
      ? reference === by.ReferenceNumber.Value
      : parcels.some(({ trackingNumber }) => trackingNumber === number),
  )
  const standing = matches.filter(({ isVoided }) => !isVoided)
  const [shipment] = standing
  if (!shipment) {
    throw matches.length > 0
      ? new UpsRefusal(
          400,
          '300033',
          'The shipment for which you are trying to recover a label or Receipt has been voided.',
        )
      : new UpsRefusal(
          400,
          '300007',
          'The shipment for the requested tracking number or the combination of reference number plus shipper number could not be found.',
        )
  }
  const numbers = standing.flatMap(({ parcels }) => parcels.map(({ trackingNumber }) => trackingNumber))
  if (by && (standing.length > 1 || (shipment.isReferenceOnPackages && numbers.length > 1)))
    return { candidates: numbers, shipment, numbers }
  const isLead = !number || number === shipment.externalId
  return { candidates: null, shipment, numbers: isLead ? numbers : [number] }
}

export function serveLabels(api: Hono, ledger: Ledger): void {
  api.post('/labels/v1/recovery', async (c) => {
    const request = recoveryBody(await c.req.json())
    const { Code: format } = request.LabelSpecification.LabelImageFormat
    if (format !== 'ZPL' && format !== 'PDF')
      throw new UpsRefusal(400, '300013', 'Invalid Label Print Method')
    const found = findLabels(ledger, request)
    if (found.candidates)
      return c.json({
        LabelRecoveryResponse: {
          Response: success,
          LabelResults: [],
          TrackingCandidate: found.candidates.map((TrackingNumber) => ({ TrackingNumber })),
        },
      })
    const { shipment, numbers } = found
    return c.json({
      LabelRecoveryResponse: {
        Response: success,
        ShipmentIdentificationNumber: shipment.externalId,
        LabelResults: await Promise.all(
          numbers.map(async (TrackingNumber) => ({
            TrackingNumber,
            LabelImage: {
              LabelImageFormat: { Code: format },
              GraphicImage: await makeLabel(shipment, TrackingNumber, format),
            },
          })),
        ),
      },
    })
  })
}

export function servePickups(api: Hono, ledger: Ledger): void {
  api.post('/pickupcreation/v2409/pickup', async (c) => {
    const { PickupDateInfo: when, PickupAddress, ReferenceNumber } = pickupBody(await c.req.json())
    if (when.CloseTime <= when.ReadyTime)
      throw new UpsRefusal(400, '9510113', 'The close time must be later than the ready time')
    const prn = ledger.nextPrn()
    ledger.pickups.push({
      prn,
      reference: ReferenceNumber ?? '',
      date: when.PickupDate,
      contact: PickupAddress.ContactName,
    })
    return c.json({
      PickupCreationResponse: {
        Response: success,
        PRN: prn,
        RateStatus: { Code: '04', Description: 'Rate not requested' },
      },
    })
  })

  api.get('/shipments/v2409/pickup/oncall', (c) =>
    c.json({
      PickupPendingStatusResponse: {
        Response: success,
        PendingStatus: ledger.pickups.map(({ prn, reference, date, contact }) => ({
          PickupType: '01',
          ServiceDate: date,
          PRN: prn,
          PickupStatusMessage: 'Received at dispatch',
          ContactName: contact,
          ...(reference ? { ReferenceNumber: reference } : {}),
        })),
      },
    }),
  )
}
