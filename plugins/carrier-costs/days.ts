const dayMs = 86_400_000
/** Offsets from UTC, and the moments at which they change, are whole quarters of an hour. */
const quarterMs = 900_000

/** A calendar day as a number that counts days. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** Gives the calendar day that an instant falls on in the zone, as a number; the last answer is kept. */
export function createCalendar(timeZone: string): (instant: Date) => number {
  if (timeZone === 'UTC') return (instant) => Math.floor(instant.getTime() / dayMs)
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  let lastQuarter = Number.NaN
  let lastDay = 0
  return (instant) => {
    const quarter = Math.floor(instant.getTime() / quarterMs)
    if (quarter !== lastQuarter) {
      lastDay = dayOf(format.format(instant))
      lastQuarter = quarter
    }
    return lastDay
  }
}
