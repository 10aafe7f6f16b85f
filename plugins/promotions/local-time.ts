import { InputError } from 'entrepot/sdk'

const minuteMs = 60_000
const local = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/

export type LocalInstant = {
  at: Date
  /** The clocks showed this time twice that night: the first of the two is meant. */
  isAmbiguous: boolean
}

/** Whether the runtime knows this IANA time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}

/**
 * The instant at which the clocks of a time zone show `text` ("2026-03-29T00:00"). A time that they show twice
 * means the first of the two. @throws InputError for a time that they skip, and for what is no time
 */
export function toInstant(text: string, timeZone: string, field: string): LocalInstant {
  const parts = local
    .exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0))
  if (!parts) throw new InputError(`"${text}" is no local time such as 2026-03-29T00:00.`, field)
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number]
  const wall = Date.UTC(year, month - 1, day, hour, minute, second || 0)
  if (new Date(wall).toISOString().slice(0, 16) !== text.slice(0, 16))
    throw new InputError(`There is no ${text} in any calendar.`, field)
  // No zone is further than a day from UTC, and none changes its clocks twice within these two days.
  const offsets = [-1, 1].map((side) => offsetOf(new Date(wall + side * 24 * 60 * minuteMs), timeZone))
  const found = [...new Set(offsets.map((offset) => wall - offset))]
    .filter((at) => at + offsetOf(new Date(at), timeZone) === wall)
    .sort((a, b) => a - b)
  if (found.length === 0)
    throw new InputError(`The clocks of ${timeZone} skip ${text}. Choose a time before or after.`, field)
  return { at: new Date(found[0]!), isAmbiguous: found.length > 1 }
}

/** What the clocks of a time zone show, less UTC, in milliseconds. */
function offsetOf(at: Date, timeZone: string): number {
  const part = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const shown = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return shown - Math.floor(at.getTime() / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const numeric = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const
  const made = new Intl.DateTimeFormat('en', {
    ...numeric,
    second: 'numeric',
    hourCycle: 'h23',
    timeZone,
  })
  formats.set(timeZone, made)
  return made
}
