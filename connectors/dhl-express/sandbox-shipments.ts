import { type Clock, formatDecimal } from 'entrepot/sdk'
import { drawPdf, drawZpl } from './sandbox-label.ts'
import { isTooHeavy, priceOf, productsOf } from './sandbox-rates.ts'
import { type ShipmentRequest, shipmentRequest } from './sandbox-rules.ts'
import { assertShippingTime, Refused, validated } from './sandbox-wire.ts'

export type LedgerEvent = { at: Date; code: string; description: string; place: string }
export type LedgerShipment = {
  waybill: string
  reference: string
  product: string
  bookedAt: Date
  from: string
  to: string
  pieces: { trackingNumber: string; weightKilograms: number; events: LedgerEvent[] }[]
  totalMinor: number | null
}
type Options = { clock: Clock; currency: string; account: string }

/** The stand-in's own book of shipments. */
export function createLedger(clock: Clock) {
  const shipments: LedgerShipment[] = []
  let pieceCount = 0
  const nextPiece = () => `JD01460000${String(++pieceCount).padStart(10, '0')}`
  /** Nine digits and their remainder by seven, as waybills have it. */
  const nextWaybill = () => {
    const digits = 573_400_100 + shipments.length
    return `${digits}${digits % 7}`
  }
  const pieceOf = (trackingNumber: string, weightKilograms: number) => ({
    trackingNumber,
    weightKilograms,
    events: [],
  })
  return {
    shipments,
    find: (number: string): LedgerShipment | undefined =>
      shipments.find(
        ({ waybill, pieces }) =>
          waybill === number || pieces.some(({ trackingNumber }) => trackingNumber === number),
      ),
    add(shipment: Omit<LedgerShipment, 'waybill' | 'bookedAt' | 'pieces'>, weights: readonly number[]) {
      const pieces = weights.map((weight) => pieceOf(nextPiece(), weight))
      const added = { ...shipment, waybill: nextWaybill(), bookedAt: clock.now(), pieces }
      shipments.push(added)
      return added
    },
    /** A parcel that somebody else booked, under its waybill or its piece. */
    announce(number: string): void {
      const isWaybill = /^\d{10}$/.test(number)
      shipments.push({
        waybill: isWaybill ? number : nextWaybill(),
        reference: '',
        product: 'P',
        bookedAt: clock.now(),
        from: 'DE',
        to: 'US',
        pieces: [pieceOf(isWaybill ? nextPiece() : number, 1)],
        totalMinor: null,
      })
    },
  }
}
export type Ledger = ReturnType<typeof createLedger>

/** Answers POST /shipments: checks, books, prices and prints. */
export function answerShipment(body: unknown, ledger: Ledger, options: Options) {
  const request = validated(shipmentRequest, body)
  const { content, customerDetails, productCode } = request
  assertBookable(request, options)
  const { shipperDetails, receiverDetails } = customerDetails
  const from = shipperDetails.postalAddress.countryCode
  const to = receiverDetails.postalAddress.countryCode
  const way = { from, to, isCustomsDeclarable: content.isCustomsDeclarable }
  const price = priceOf(productCode, way, content.packages)
  const reference = request.customerReferences?.find(({ typeCode }) => typeCode === 'CU')?.value ?? ''
  const shipment = ledger.add(
    { reference, product: productCode, from, to, totalMinor: price.totalMinor },
    content.packages.map(({ weight }) => weight),
  )
  const { currency } = options
  const decimal = (minor: number) => Number(formatDecimal({ minor, currency }))
  const root = 'https://express.api.dhl.com/mydhlapi/shipments'
  const trackingUrl = `${root}/${shipment.waybill}/tracking`
  const tax = price.taxMinor ? [{ name: 'TAX', price: decimal(price.taxMinor), typeCode: 'STTXA' }] : []
  return {
    url: root,
    shipmentTrackingNumber: shipment.waybill,
    trackingUrl,
    packages: shipment.pieces.map(({ trackingNumber }, index) => ({
      referenceNumber: index + 1,
      trackingNumber,
      trackingUrl: `${trackingUrl}?pieceTrackingNumber=${trackingNumber}`,
    })),
    documents: print(request, shipment),
    ...(request.getRateEstimates
      ? {
          shipmentCharges: [
            {
              currencyType: 'BILLC',
              priceCurrency: currency,
              price: decimal(price.totalMinor),
              serviceBreakdown: [
                ...price.lines.map(({ name, code, minor }) => ({
                  name,
                  price: decimal(minor),
                  ...(code ? { typeCode: code } : {}),
                })),
                ...tax,
              ],
            },
          ],
        }
      : {}),
  }
}

function assertBookable(
  { accounts, content, customerDetails, ...request }: ShipmentRequest,
  options: Options,
) {
  const { clock, account } = options
  assertShippingTime(request.plannedShippingDateAndTime, clock.now())
  if (!accounts.every(({ number }) => number === account))
    throw new Refused(
      400,
      'The account number is not found or invalid. Please check the account number and retry.',
    )
  if (content.isCustomsDeclarable && !content.exportDeclaration)
    throw new Refused(400, '#/content: required key [exportDeclaration] not found')
  const isPaid = request.valueAddedServices?.some(({ serviceCode }) => serviceCode === 'DD') ?? false
  if (content.incoterm === 'DDP' && !(isPaid && accounts.some(({ typeCode }) => typeCode === 'duties-taxes')))
    throw new Refused(400, 'Incoterm DDP needs the service DD and an account for duties and taxes.')
  const offered = productsOf({
    from: customerDetails.shipperDetails.postalAddress.countryCode,
    to: customerDetails.receiverDetails.postalAddress.countryCode,
    isCustomsDeclarable: content.isCustomsDeclarable,
  })
  if (!offered.includes(request.productCode) || isTooHeavy(content.packages))
    throw new Refused(
      400,
      `996: The requested product(s) (${request.productCode}) not available based on your search criteria.`,
    )
}

function print(request: ShipmentRequest, { waybill, pieces, product }: LedgerShipment) {
  const { encodingFormat = 'pdf', imageOptions = [] } = request.outputImageProperties ?? {}
  const isLinked = request.getAdditionalInformation?.some(({ isRequested }) => isRequested) ?? false
  const wants = (code: string) =>
    imageOptions.some(({ typeCode, isRequested }) => typeCode === code && isRequested === true)
  const document = (typeCode: string, lines: readonly string[], isThermal: boolean) => {
    const content = isThermal && encodingFormat === 'zpl' ? drawZpl(lines) : drawPdf(lines)
    const imageFormat = isThermal ? encodingFormat.toUpperCase() : 'PDF'
    return { imageFormat, content: Buffer.from(content).toString('base64'), typeCode }
  }
  const { postalAddress, contactInformation } = request.customerDetails.receiverDetails
  const lines = [`DHL EXPRESS ${product}`, contactInformation.fullName, postalAddress.addressLine1]
  return [
    ...pieces.map(({ trackingNumber }, index) => ({
      ...document('label', [...lines, `WAYBILL ${waybill}`, trackingNumber], true),
      ...(isLinked ? { packageReferenceNumber: index + 1 } : {}),
    })),
    ...(wants('waybillDoc') ? [document('waybillDoc', [...lines, 'ARCHIVE', waybill], true)] : []),
    // An invoice always comes as PDF.
    ...(wants('invoice') && request.content.exportDeclaration
      ? [document('invoice', ['INVOICE', request.content.exportDeclaration.invoice.number, waybill], false)]
      : []),
  ]
}
