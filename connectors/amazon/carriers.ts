/**
 * Carrier codes that Amazon knows, by the name in small letters without spaces.
 * @see https://developer-docs.amazon.com/sp-api/reference/confirmshipment
 */
export const carrierCodes = [
  'Amazon Shipping',
  'AUSSIE_POST',
  'Blue Package',
  'BRT',
  'Canada Post',
  'Chronopost',
  'City Link',
  'Colissimo',
  'Correos',
  'CTT',
  'Deutsche Post',
  'DHL',
  'DHL Express',
  'DHL Global Mail',
  'DPD',
  'Evri',
  'Fastway',
  'FedEx',
  'FedEx SmartPost',
  'GLS',
  'GO!',
  'Hermes',
  'Hermes Logistik Gruppe',
  'InPost',
  'JP_EXPRESS',
  'La Poste',
  'Lasership',
  'MRW',
  'Newgistics',
  'NipponExpress',
  'OnTrac',
  'OSM',
  'Parcelforce',
  'Poste Italiane',
  'PostNL',
  'PostNord',
  'Royal Mail',
  'SagawaExpress',
  'SDA',
  'SEUR',
  'Streamlite',
  'Target',
  'TNT',
  'UPS',
  'UPS Mail Innovations',
  'UPSMI',
  'USPS',
  'YamatoTransport',
  'Yodel',
] as const

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '')
const codeByName = new Map(carrierCodes.map((code) => [plain(code), code]))

/** How the carrier is told: by Amazon's code, or as "Other" with its name where Amazon has no code for it. */
export const toPackage = (carrier: string, service: string | null) => {
  const code = codeByName.get(plain(carrier))
  return {
    ...(code ? { carrierCode: code } : { carrierCode: 'Other', carrierName: carrier }),
    ...(service ? { shippingMethod: service } : {}),
  }
}
