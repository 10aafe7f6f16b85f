import type { PostcodeRange } from '../rate-card.ts'

/** How a part of a country is told: by the beginnings of its postcodes, or by names of regions and towns. */
type Part = { postcodes?: readonly PostcodeRange[]; areas?: readonly string[] }

const range = (from: string, to = from): PostcodeRange => ({ from, to })

/**
 * The data names parts of countries in words only. Their postcodes are the postal services' own; where a country
 * has no postcodes in use, names decide. What is not listed here is the rest of its country.
 * - US: the State of New York 005, 06390 and 100-149, Hawaii 967-968. @see https://pe.usps.com/text/dmm300/L002.htm
 * - AU: Western Australia 6000-6999. JP: Okinawa 900-907. MY: Sabah and Labuan 87-91, Sarawak 93-98. IN: Mumbai 400.
 * - YE: the governorates of the former Yemen Arab Republic. CU: Guantanamo Bay.
 */
const parts: Readonly<Record<string, Part>> = {
  'US UA': { postcodes: [range('005'), range('06390'), range('100', '149')] },
  'US UB': { postcodes: [range('967', '968')] },
  'AU AU': { postcodes: [range('6')] },
  'JP JA': { postcodes: [range('90')] },
  'MY MB': { postcodes: [range('87', '91')] },
  'MY MC': { postcodes: [range('93', '98')] },
  'IN IN': { postcodes: [range('400')] },
  'CU CU': { areas: ['Guantanamo Bay', 'Guantanamo Bay Naval Base'] },
  'YE YE': {
    areas: [
      'Former Yemen Arab Republic',
      "Sana'a",
      'Sanaa',
      'Taiz',
      'Al Hudaydah',
      'Hodeidah',
      'Ibb',
      'Dhamar',
      'Hajjah',
      "Sa'dah",
      'Al Mahwit',
      'Al Bayda',
      "Ma'rib",
      'Al Jawf',
      'Amran',
      'Raymah',
    ],
  },
}

/** How the part is told; undefined is the rest of the country. */
export const areasOf = (country: string, zoneCode: string): Part | undefined =>
  parts[`${country} ${zoneCode}`]
