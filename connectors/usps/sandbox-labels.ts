import { type Clock, canonicalJson } from 'entrepot/sdk'
import { type Context, Hono } from 'hono'
import { type Gate, mayPay } from './sandbox-gate.ts'
import { labelImage } from './sandbox-image.ts'
import type { Ledger, SandboxLabel } from './sandbox-ledger.ts'
import { dollars, type Priced, priceOf } from './sandbox-prices.ts'
import { at, type Complaint, isObject, missing, multipart, refuse } from './sandbox-wire.ts'
import { services, type UspsService } from './services.ts'
import { gramsOf } from './units.ts'

type Api = { root: string; path: string; isAbroad: boolean }
const apis: readonly Api[] = [
  { root: '/labels/v3', path: '/labels/v3/label', isAbroad: false },
  { root: '/international-labels/v3', path: '/international-labels/v3/international-label', isAbroad: true },
]
const reprintLimit = 3
const day = 24 * 3_600_000

/** Buying, reprinting and cancelling labels, at home and abroad. */
export function labelRoutes(gate: Gate, ledger: Ledger) {
  const routes = new Hono()
  for (const api of apis) {
    const guarded =
      (handle: (c: Context) => Response | Promise<Response>) =>
      (c: Context): Response | Promise<Response> =>
        mayPay(c, gate) ? handle(c) : refuse(c, 401, api.root, [{ detail: 'A token is missing or invalid.' }])
    routes.post(
      api.path,
      guarded((c) => buy(c, api, ledger, gate.clock)),
    )
    routes.post(
      `${api.path}-reprint`,
      guarded((c) => reprint(c, api, ledger, gate.clock)),
    )
    routes.delete(
      `${api.path}/:trackingNumber`,
      guarded((c) => cancel(c, api, ledger)),
    )
  }
  return routes
}

async function buy(c: Context, api: Api, ledger: Ledger, clock: Clock): Promise<Response> {
  const key = c.req.header('x-idempotency-key') ?? ''
  const body: unknown = await c.req.json()
  const held = ledger.labels.find((label) => label.key === key)
  if (held && held.request !== canonicalJson(body))
    return refuse(c, 400, api.root, [
      { parameter: 'X-Idempotency-Key', detail: 'The key was used with another request.' },
    ])
  if (held?.isCancelled)
    return refuse(c, 400, api.root, [{ parameter: 'X-Idempotency-Key', detail: 'The label was canceled.' }])
  if (held) return answer(api, held)
  const service = services.find(
    ({ mailClass, packaging, isAbroad }) =>
      isAbroad === api.isAbroad &&
      mailClass === at(body, 'packageDescription.mailClass') &&
      packaging === at(body, 'packageDescription.packagingType'),
  )
  const complaints = complaintsOf(body, api, service, key, clock)
  if (complaints.length > 0 || !service) return refuse(c, 400, api.root, complaints)
  const label = await newLabel(body, key, service, ledger)
  ledger.addLabel(label)
  return answer(api, label)
}

const zip = /^\d{5}$/
const number = /^\d+(\.\d+)?$/

function complaintsOf(
  body: unknown,
  { isAbroad }: Api,
  service: UspsService | undefined,
  key: string,
  clock: Clock,
) {
  const address = (name: string) => ({
    [`${name}.streetAddress`]: /^.{1,50}$/,
    [`${name}.city`]: /^.{1,28}$/,
  })
  const home = (name: string) => ({ [`${name}.state`]: /^[A-Z]{2}$/, [`${name}.ZIPCode`]: zip })
  const complaints = missing(body, {
    ...address('fromAddress'),
    ...home('fromAddress'),
    ...address('toAddress'),
    ...(isAbroad ? { 'toAddress.countryISOAlpha2Code': /^[A-Z]{2}$/ } : home('toAddress')),
    ...Object.fromEntries(
      ['weight', 'length', 'width', 'height'].map((name) => [`packageDescription.${name}`, number]),
    ),
    'packageDescription.mailingDate': /^\d{4}-\d\d-\d\d$/,
    'packageDescription.processingCategory': /^(LETTERS|FLATS|MACHINABLE|NONSTANDARD)$/,
    'packageDescription.destinationEntryFacilityType': /^NONE$/,
    ...(isAbroad ? { 'customsForm.AESITN': null, 'customsForm.customsContentType': null } : {}),
  })
  for (const name of ['fromAddress', 'toAddress'])
    if (!at(body, `${name}.firm`) && !(at(body, `${name}.firstName`) && at(body, `${name}.lastName`)))
      complaints.push({ parameter: name, detail: 'The first and last name or the firm is required.' })
  if (!service) complaints.push({ parameter: 'packageDescription.mailClass', detail: 'No such service.' })
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(key))
    complaints.push({ parameter: 'X-Idempotency-Key', detail: 'The key is no UUID.' })
  const weight = Number(at(body, 'packageDescription.weight'))
  if (weight > 70) complaints.push({ parameter: 'packageDescription.weight', detail: 'Above 70 pounds.' })
  complaints.push(...complaintsOfDate(String(at(body, 'packageDescription.mailingDate')), clock))
  if (isAbroad) complaints.push(...complaintsOfContents(at(body, 'customsForm.contents')))
  return complaints
}

/** Today to seven days ahead; a day more on each side for the sender's time zone. */
function complaintsOfDate(date: string, clock: Clock): Complaint[] {
  const ahead = Date.parse(`${date}T00:00:00Z`) - clock.now().getTime()
  return ahead > -2 * day && ahead < 9 * day
    ? []
    : [{ parameter: 'packageDescription.mailingDate', detail: 'The mailing date is not within seven days.' }]
}

function complaintsOfContents(contents: unknown): Complaint[] {
  if (!Array.isArray(contents) || contents.length === 0)
    return [{ parameter: 'customsForm.contents', detail: 'contents is required.' }]
  return contents.flatMap((item, n) =>
    missing(item, {
      itemDescription: /^.{1,30}$/,
      itemQuantity: /^\d+$/,
      itemTotalValue: number,
      itemTotalWeight: number,
      countryofOrigin: /^[A-Z]{2}$/,
    }).map(({ parameter, detail }) => ({ parameter: `customsForm.contents[${n}].${parameter}`, detail })),
  )
}

async function newLabel(
  body: unknown,
  key: string,
  service: UspsService,
  ledger: Ledger,
): Promise<SandboxLabel> {
  const sent = at(body, 'packageDescription') as Parameters<typeof priceOf>[1] & {
    mailingDate: string
    extraServices?: unknown[]
    customerReference?: { referenceNumber: string }[]
  }
  const to = at(body, 'toAddress') as Record<string, string>
  const destination = service.isAbroad ? to.countryISOAlpha2Code! : to.ZIPCode!
  const route = { from: String(at(body, 'fromAddress.ZIPCode')), to: destination }
  const priced = priceOf(service, sent, route, sent.extraServices)
  const trackingNumber = ledger.nextNumber(service.isAbroad)
  const imageType = String(at(body, 'imageInfo.imageType') ?? 'PDF')
  const lines = [
    service.name,
    to.firm ?? `${to.firstName} ${to.lastName}`,
    to.streetAddress!,
    `${to.city} ${destination}`,
  ]
  return {
    trackingNumber,
    key,
    request: canonicalJson(body),
    reference: (sent.customerReference ?? []).map(({ referenceNumber }) => referenceNumber).join(''),
    service: service.code,
    weightGrams: gramsOf(sent.weight),
    mailingDate: sent.mailingDate,
    priced,
    metadata: metadataOf(service, { trackingNumber, to, destination }, sent, priced),
    image: await labelImage(imageType, trackingNumber, lines),
    reprints: 0,
    isCancelled: false,
  }
}

type Addressed = { trackingNumber: string; to: object; destination: string }

function metadataOf(
  service: UspsService,
  { trackingNumber, to, destination }: Addressed,
  sent: { weight: number; mailingDate: string },
  { postageMinor, fees, extras, zone, days }: Priced,
) {
  const shared = {
    labelAddress: to,
    postage: dollars(postageMinor),
    fees: fees.map(({ name, SKU, minor }) => ({ name, SKU, price: dollars(minor) })),
    weightUOM: 'lb',
    weight: sent.weight,
  }
  return service.isAbroad
    ? {
        ...shared,
        internationalTrackingNumber: trackingNumber,
        constructCode: 'I01',
        extraServices: extras.map(({ code, name, SKU, minor }) => ({
          serviceID: code,
          serviceName: name,
          sku: SKU,
          price: dollars(minor),
        })),
        internationalPriceGroup: zone,
        dimensionalWeight: '0.0',
        mailingDate: sent.mailingDate,
        SKU: `IEXX0XXXXB${zone}230`,
      }
    : {
        ...shared,
        trackingNumber,
        routingInformation: `420${destination}`,
        constructCode: 'C03',
        extraServices: extras.map(({ name, SKU, minor }) => ({ name, SKU, price: dollars(minor) })),
        zone,
        commitment: { name: days === 1 ? '1 Day' : `${days} Days` },
        dimensionalWeight: 0,
        mailingDate: `${sent.mailingDate}T22:00:00Z`,
        serviceTypeCode: '346',
        bannerText: 'USPS TRACKING # USPS Ship',
        SKU: `DUXR0XXXXC${zone}130`,
      }
}

const answer = ({ isAbroad }: Api, label: SandboxLabel, reprintInfo?: object): Response =>
  multipart(
    [
      { name: 'labelMetadata', contentType: 'application/json', text: JSON.stringify(label.metadata) },
      { name: 'labelImage', ...label.image, text: label.image.base64 },
      ...(reprintInfo
        ? [{ name: 'reprintInfo', contentType: 'application/json', text: JSON.stringify(reprintInfo) }]
        : []),
    ],
    isAbroad && !reprintInfo ? 201 : 200,
  )

async function reprint(c: Context, api: Api, ledger: Ledger, clock: Clock): Promise<Response> {
  const parameter = 'X-Idempotency-Key'
  const label = ledger.labels.find(({ key }) => key === c.req.header('x-idempotency-key'))
  if (!isObject(await c.req.json())) return refuse(c, 400, api.root, [{ detail: 'No JSON object.' }])
  if (!label) return refuse(c, 400, api.root, [{ parameter, code: '00000XX', detail: 'Order not found' }])
  const isOver = Date.parse(`${label.mailingDate}T00:00:00Z`) + 2 * day < clock.now().getTime()
  const detail = label.isCancelled
    ? 'Canceled labels are not eligible for reprint.'
    : isOver
      ? 'The mailing date is over.'
      : label.reprints >= reprintLimit
        ? 'The reprint limit is reached.'
        : null
  if (detail) return refuse(c, 400, api.root, [{ parameter, detail }])
  label.reprints += 1
  return answer(api, label, { reprintNumber: label.reprints, reprintLimit })
}

/** A label that is not manifested is cancelled, again without complaint; else a refund is asked for, once a day. */
function cancel(c: Context, api: Api, ledger: Ledger): Response {
  const trackingNumber = c.req.param('trackingNumber')!
  const parameter = 'trackingNumber'
  const label = ledger.labels.find((entry) => entry.trackingNumber === trackingNumber)
  if (!label) return refuse(c, 400, api.root, [{ parameter, code: '00000XX', detail: 'Order not found' }])
  const isDisputed = ledger.isManifested(label)
  if (isDisputed && label.isCancelled) {
    const detail = 'A refund request for this order has already been submitted today'
    return refuse(c, 400, api.root, [{ parameter, code: '00000XX', detail }])
  }
  label.isCancelled = true
  return c.json(
    isDisputed
      ? { trackingNumber, status: 'DISPUTED', disputeId: '104660' }
      : { trackingNumber, status: 'CANCELED' },
  )
}
