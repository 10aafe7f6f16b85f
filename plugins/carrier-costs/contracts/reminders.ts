import type { Contract } from './contract.ts'

const dayMs = 86_400_000
const stages = [90, 30, 7] as const

export type DatedContract = Pick<
  Contract,
  'id' | 'carrier' | 'title' | 'validFrom' | 'validUntil' | 'noticeDays'
> & {
  endedOn: string | null
}
/** What to remind of; `stage` is the step that was reached: 90, 30 or 7 days before, or 0 once it is over. */
export type Reminder = { about: 'notice' | 'end'; on: string; daysLeft: number; stage: number }

const toMs = (day: string) => Date.parse(`${day}T00:00:00Z`)
const addDays = (day: string, days: number) => new Date(toMs(day) + days * dayMs).toISOString().slice(0, 10)

/** The last day on which the contract can be ended; null where it needs no notice. */
export const noticeDay = ({ validUntil, noticeDays }: DatedContract): string | null =>
  validUntil === null || noticeDays === null ? null : addDays(validUntil, -noticeDays)

/**
 * Reminders of a contract that are due today. None for one that was ended, and none for one that a later contract
 * of the same carrier follows without a gap.
 */
export function findReminders(own: DatedContract, all: readonly DatedContract[], today: string): Reminder[] {
  if (own.validUntil === null || own.endedOn !== null || isRenewed(own, all)) return []
  const notice = noticeDay(own)
  return [
    ...(notice === null || today > notice ? [] : remind('notice', notice, today)),
    ...remind('end', own.validUntil, today),
  ]
}

function remind(about: Reminder['about'], on: string, today: string): Reminder[] {
  const daysLeft = Math.round((toMs(on) - toMs(today)) / dayMs)
  const stage = daysLeft < 0 ? 0 : stages.findLast((days) => daysLeft <= days)
  return stage === undefined ? [] : [{ about, on, daysLeft, stage }]
}

const isRenewed = (own: DatedContract, all: readonly DatedContract[]): boolean =>
  all.some(
    (other) =>
      other.id !== own.id &&
      other.carrier === own.carrier &&
      other.endedOn === null &&
      other.validFrom <= addDays(own.validUntil!, 1) &&
      (other.validUntil === null || other.validUntil > own.validUntil!),
  )

/** The reminder in words. */
export function sayReminder(own: DatedContract, { about, on, daysLeft }: Reminder): string {
  const name = `The contract "${own.title}" (${own.id}) with ${own.carrier}`
  if (about === 'notice') return `${name} can be ended only until ${on}, ${countDays(daysLeft)} from now.`
  return daysLeft < 0
    ? `${name} ended on ${on}, and nothing follows it.`
    : `${name} ends on ${on}, ${countDays(daysLeft)} from now.`
}

const countDays = (days: number) => `${days} ${days === 1 ? 'day' : 'days'}`
