import { ConnectorError, type FailureKind, type ParcelTracking, type TrackingRef } from 'entrepot/sdk'
import { z } from 'zod'
import { companyCodes, meaningOf, phoneCompanies } from './codes.ts'
import { type Answer, type Scan, type Settings, type Waybill, waybill } from './schemas.ts'

/** Kuaidi100 gives local times; nearly all carriers it knows are in China, which has one time and no summer. */
const fromBeijing = (local: string): Date => new Date(`${local.replace(' ', 'T')}+08:00`)

const refused = (ref: TrackingRef, reason: string): ConnectorError =>
  new ConnectorError('rejected', `Kuaidi100 was not asked about ${ref.trackingNumber}: ${reason}`)

/**
 * Kuaidi100's code of the carrier: by the settings, by our words, or the code itself.
 * @throws ConnectorError
 */
function companyOf(ref: TrackingRef, { carriers }: Settings): string {
  const word = ref.carrier?.trim().toLowerCase()
  if (!word) throw refused(ref, 'nobody said which carrier has it. Name the carrier.')
  const code = carriers[word] ?? carriers[ref.carrier!.trim()] ?? companyCodes[word] ?? word
  if (/^[a-z0-9]+$/.test(code)) return code
  throw refused(
    ref,
    `the carrier "${ref.carrier}" is unknown. Add its code to the carriers of the connection.`,
  )
}

/** A phone without what Kuaidi100 cannot read; of a virtual number, the four digits behind the dash. */
function phoneOf({ recipientPhone }: TrackingRef): string | null {
  const phone = recipientPhone?.trim() ?? ''
  const behindDash = /^\d{11}-(\d{4})$/.exec(phone)?.[1]
  const digits = behindDash ?? phone.replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '')
  return digits === '' ? null : digits
}

/**
 * What to ask by: company, number and phone.
 * @throws ConnectorError when Kuaidi100 could only refuse, so that no question is wasted on it.
 */
export function toQuestion(ref: TrackingRef, settings: Settings) {
  const company = companyOf(ref, settings)
  const number = ref.trackingNumber
  if (number.length < 6 || number.length > 32) throw refused(ref, 'a number has 6 to 32 characters.')
  const phone = phoneOf(ref)
  if (phone === null && phoneCompanies.includes(company))
    throw refused(ref, `${company} tells nothing without the phone of the sender or the recipient.`)
  return { company, number, phone }
}
export type Question = ReturnType<typeof toQuestion>

/** `resultv2` 4 gives each scan its own state; accounts without it get one state for the whole. */
export const toQueryParam = ({ company, number, phone }: Question) => ({
  com: company,
  num: number,
  ...(phone ? { phone } : {}),
  resultv2: '4',
  show: '0',
  order: 'desc',
  lang: 'zh',
})

export const toSubscription = (
  { company, number, phone }: Question,
  { key, salt, callbackUrl }: { key: string; salt: string; callbackUrl: string },
) => ({
  company,
  number,
  key,
  parameters: { callbackurl: callbackUrl, salt, resultv2: '4', ...(phone ? { phone } : {}) },
})

function toEvent(scan: Scan, stateOfAll: string | null) {
  const code = scan.statusCode ?? stateOfAll
  return {
    at: fromBeijing(scan.ftime),
    ...meaningOf(code),
    code,
    description: scan.context ?? scan.status ?? '',
    location: scan.areaName ?? scan.location,
  }
}

/** All that was told of a parcel. The state of the whole is the newest scan's, where that has none of its own. */
export const toTracking = ({ nu, state, data }: Waybill): ParcelTracking => ({
  trackingNumber: nu,
  events: data.map((scan, index) => toEvent(scan, index === 0 ? state : null)),
  estimatedAt: null,
})

/** The failure that an answer with status 200 carries, or null. */
export function failureIn(
  { result, returnCode, message }: Answer,
  kinds: Readonly<Record<string, FailureKind>>,
  about: string,
): ConnectorError | null {
  if (result !== false) return null
  const code = returnCode ?? ''
  const said = message ?? 'no explanation'
  return new ConnectorError(
    kinds[code] ?? 'unexpected',
    `Kuaidi100 refused ${about} with ${code || 'no code'}: ${said}`,
    {
      vendorCode: returnCode ?? undefined,
      vendorMessage: said,
    },
  )
}

/** @throws ConnectorError when the answer cannot be read, or tells of another number. */
export function readWaybill(value: unknown, number: string): Waybill {
  const parsed = waybill.safeParse(value)
  if (!parsed.success)
    throw new ConnectorError(
      'unexpected',
      `What Kuaidi100 tells of ${number} cannot be read: ${z.prettifyError(parsed.error)}`.slice(0, 1000),
    )
  if (parsed.data.nu === number) return parsed.data
  throw new ConnectorError('unexpected', `Kuaidi100 was asked about ${number} and tells of another number.`)
}
