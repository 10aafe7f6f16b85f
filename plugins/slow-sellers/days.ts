import { InputError } from 'entrepot/sdk'

const dayMs = 86_400_000

/** The calendar day of an instant in a time zone, such as 2026-03-01. */
export function dayOf(instant: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return format.format(instant)
}

/** A day moved by a number of days. */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * dayMs).toISOString().slice(0, 10)

/** @throws InputError naming the field */
export function readDay(text: string, field: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InputError(`"${text}" is no day such as 2026-03-01.`, field)
  return text
}
