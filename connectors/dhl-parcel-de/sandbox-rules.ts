/** What DHL refuses of a shipment, in words like its own. */
export type WireShipment = {
  product?: string
  billingNumber?: string
  refNo?: string
  shipDate?: string
  shipper?: Record<string, string>
  consignee?: Record<string, string>
  details?: { weight?: { uom: string; value: number }; dim?: Record<string, number | string> }
  customs?: { postalCharges?: { currency: string }; items?: { itemValue: { currency: string } }[] }
  services?: Record<string, unknown>
}
export type Validation = { property: string; validationMessage: string; validationState: 'Error' | 'Warning' }

const products: Record<string, { procedure: string; maxGrams: number; isDomestic: boolean }> = {
  V01PAK: { procedure: '01', maxGrams: 31_500, isDomestic: true },
  V62KP: { procedure: '62', maxGrams: 1000, isDomestic: true },
  V53WPAK: { procedure: '53', maxGrams: 31_500, isDomestic: false },
  V54EPAK: { procedure: '54', maxGrams: 31_500, isDomestic: false },
  V66WPI: { procedure: '66', maxGrams: 1000, isDomestic: false },
}
/** Where no customs papers are asked for. */
const customsUnion =
  'AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MCO MLT NLD POL PRT ROU SVK SVN SWE'.split(
    ' ',
  )
const lengths: Record<string, number> = {
  name1: 50,
  name2: 50,
  name3: 50,
  addressStreet: 50,
  city: 40,
  postalCode: 10,
}

export const gramsOf = ({ details }: WireShipment): number =>
  Math.round((details?.weight?.value ?? 0) * (details?.weight?.uom === 'kg' ? 1000 : 1))

/** All that is wrong with a shipment. An address that cannot be routed is an error only where it has to be. */
export function validate(shipment: WireShipment, today: string, mustEncode: boolean): Validation[] {
  const { product = '', billingNumber = '', consignee = {}, shipper = {}, shipDate, refNo } = shipment
  const rules = products[product]
  const error = (isWrong: boolean, property: string, validationMessage: string): Validation[] =>
    isWrong ? [{ property, validationMessage, validationState: 'Error' }] : []
  if (!rules) return error(true, 'product', `The product ${product} is unknown.`)
  const grams = gramsOf(shipment)
  return [
    ...error(!/^\w{14}$/.test(billingNumber), 'billingNumber', 'The billing number is invalid.'),
    ...error(
      billingNumber.slice(10, 12) !== rules.procedure,
      'billingNumber',
      'The billing number does not belong to the product.',
    ),
    ...error(
      refNo !== undefined && (refNo.length < 8 || refNo.length > 35),
      'refNo',
      'The reference has to have 8 to 35 characters.',
    ),
    ...error(shipDate !== undefined && shipDate < today, 'shipDate', 'The shipment date lies in the past.'),
    ...error(grams <= 0, 'details.weight', 'Please enter a weight.'),
    ...error(grams > rules.maxGrams, 'details.weight', 'The weight is too high.'),
    ...addressErrors(shipper, 'shipper', error),
    ...addressErrors(consignee, 'consignee', error),
    ...error(
      rules.isDomestic !== (consignee.country === 'DEU'),
      'product',
      'The product is not available for this country.',
    ),
    ...customsErrors(shipment, error),
    ...routing(consignee, mustEncode),
  ]
}

type Complain = (isWrong: boolean, property: string, message: string) => Validation[]

function addressErrors(address: Record<string, string>, at: string, error: Complain): Validation[] {
  const { postalCode = '', country } = address
  const isCodeWrong =
    country === 'DEU' ? !/^\d{5}$/.test(postalCode) : !/^[0-9A-Za-z]+([ -]?[0-9A-Za-z]+)*$/.test(postalCode)
  return [
    ...['name1', 'addressStreet', 'city', 'country'].flatMap((name) =>
      error(!address[name], `${at}.${name}`, `Please enter ${name}.`),
    ),
    ...Object.entries(lengths).flatMap(([name, most]) =>
      error((address[name]?.length ?? 0) > most, `${at}.${name}`, `${name} may have ${most} characters.`),
    ),
    ...error(isCodeWrong && country !== 'IRL', `${at}.postalCode`, 'The postal code is invalid.'),
  ]
}

function customsErrors({ consignee, customs, product }: WireShipment, error: Complain): Validation[] {
  const isAbroad = !customsUnion.includes(consignee?.country ?? '')
  if (!customs) return error(isAbroad && product !== 'V01PAK', 'customs', 'Please enter the customs details.')
  const currencies = new Set([
    customs.postalCharges?.currency,
    ...(customs.items ?? []).map((item) => item.itemValue.currency),
  ])
  return error(currencies.size !== 1, 'customs', 'The currencies of goods and postal charges have to match.')
}

/** A postal code of this stand-in that no route leads to. */
export const unroutable = '99999'

const routing = (consignee: Record<string, string>, mustEncode: boolean): Validation[] =>
  consignee.country === 'DEU' && consignee.postalCode === unroutable
    ? [
        {
          property: 'consignee',
          validationMessage: 'The address cannot be routed.',
          validationState: mustEncode ? 'Error' : 'Warning',
        },
      ]
    : []
