/** A date and time as a clock on a wall shows it: no zone. Milliseconds as if it were UTC. */
type WallMs = number
export type DateOrder = 'ymd' | 'dmy' | 'mdy'

const dayMs = 86_400_000
const pattern =
  /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/

/**
 * A reader of dates and times written in a zone: what has no offset of its own is local time there. A time
 * that a clock change skips is moved forward by the gap; one that happens twice is the first.
 * The reader returns null for what is no date or time.
 */
export function instantReader(timeZone: string, order: DateOrder): (text: string) => Date | null {
  const offsetAt = offsetReader(timeZone)
  return (text) => {
    const match = pattern.exec(text)
    if (!match) return null
    const wall = wallTime(match, order)
    if (wall === null) return null
    return new Date(match[8] === undefined ? toInstant(wall, offsetAt) : wall - writtenOffset(match[8]))
  }
}

/** UTC of a wall time, given the zone's offset at any instant. */
export function toInstant(wall: WallMs, offsetAt: (instant: number) => number): number {
  const before = offsetAt(wall - dayMs)
  const after = offsetAt(wall + dayMs)
  if (before === after) return wall - before
  const fitting = [wall - before, wall - after].filter((instant) => instant + offsetAt(instant) === wall)
  return fitting.length > 0 ? Math.min(...fitting) : wall - before
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
    for (const part of format.formatToParts(instant)) parts[part.type] = Number(part.value)
    const { year, month, day, hour, minute, second } = parts
    const shown = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
    return shown - Math.floor(instant / 1000) * 1000
  }
}

function wallTime(match: RegExpExecArray, order: DateOrder): WallMs | null {
  const [first, second, third] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const [year, month, day] =
    order === 'ymd'
      ? [first, second, third]
      : order === 'dmy'
        ? [third, second, first]
        : [third, first, second]
  const [hour, minute, seconds] = [match[4], match[5], match[6]].map((part) => Number(part ?? 0))
  if (year < 1900 || year > 2200 || hour! > 23 || minute! > 59 || seconds! > 59) return null
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, seconds, ms))
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? date.getTime() : null
}

function writtenOffset(text: string): number {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return (text.startsWith('-') ? -1 : 1) * minutes * 60_000
}
