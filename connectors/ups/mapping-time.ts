/**
 * UPS's date YYYYMMDD and time HHMMSS (or HHMM, a leading zero left out, colons between) as an instant of UTC.
 * @returns null where they say nothing readable.
 */
export function readInstant(date: string | undefined, time: string | undefined): Date | null {
  const day = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(date ?? '')
  const digits = (time ?? '').replaceAll(':', '')
  if (!day || !/^\d{3,6}$/.test(digits)) return null
  const clock = digits.length <= 4 ? `${digits.padStart(4, '0')}00` : digits.padStart(6, '0')
  const [, year, month, dayOfMonth] = day
  const iso = `${year}-${month}-${dayOfMonth}T${clock.replace(/(..)(..)(..)/, '$1:$2:$3')}.000Z`
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? null : at
}
