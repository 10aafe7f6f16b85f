import type { CourierService } from 'entrepot/sdk'
import type { DhlSettings } from './settings.ts'

export type DhlService = CourierService & {
  product: 'V01PAK' | 'V62KP' | 'V53WPAK' | 'V54EPAK' | 'V66WPI'
  billing: keyof DhlSettings & `billing${string}`
  isPremium: boolean
  /** Additional services that the product has. */
  canSign: boolean
  canInsure: boolean
  /** How the sender can pay the duties, if at all. */
  dutyPaidBy: 'service' | 'condition' | null
  hasEndorsement: boolean
}

const domestic = { isPremium: false, dutyPaidBy: null, hasEndorsement: false } as const
const abroad = { canSign: false, hasEndorsement: true } as const
const international = {
  ...abroad,
  product: 'V53WPAK',
  billing: 'billingInternational',
  canInsure: true,
  dutyPaidBy: 'service',
} as const
const warenpost = {
  ...abroad,
  product: 'V66WPI',
  billing: 'billingWarenpost',
  canInsure: false,
  dutyPaidBy: null,
} as const

/** What DHL Germany sells. V62WP is gone: Kleinpaket has taken its place. */
export const services: readonly DhlService[] = [
  {
    ...domestic,
    code: 'V01PAK',
    name: 'DHL Paket',
    product: 'V01PAK',
    billing: 'billingPaket',
    canSign: true,
    canInsure: true,
  },
  {
    ...domestic,
    code: 'V62KP',
    name: 'DHL Kleinpaket',
    product: 'V62KP',
    billing: 'billingKleinpaket',
    canSign: false,
    canInsure: false,
  },
  { ...international, code: 'V53WPAK', name: 'DHL Paket International', isPremium: false },
  { ...international, code: 'V53WPAK.premium', name: 'DHL Paket International Premium', isPremium: true },
  {
    ...abroad,
    code: 'V54EPAK',
    name: 'DHL Europaket',
    product: 'V54EPAK',
    billing: 'billingEuropaket',
    isPremium: false,
    canInsure: true,
    dutyPaidBy: 'condition',
  },
  { ...warenpost, code: 'V66WPI', name: 'Warenpost International', isPremium: false },
  { ...warenpost, code: 'V66WPI.premium', name: 'Warenpost International Premium', isPremium: true },
]

/** The services that the contract has a billing number for. */
export const servicesOf = (settings: DhlSettings): DhlService[] =>
  services.filter(({ billing }) => settings[billing])
