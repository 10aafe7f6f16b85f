/** DHL Germany speaks German local time without saying so. */
const berlin = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

type Clockface = { date: string; time: string }

/** The day as 2026-03-02 and the time as 09:30 in Germany. */
export function toBerlin(instant: Date): Clockface {
  const parts = Object.fromEntries(berlin.formatToParts(instant).map(({ type, value }) => [type, value]))
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` }
}

/** The instant of "18.03.2016 10:02" in Germany, or null if the text is no such time. In the hour that autumn repeats, the earlier one. */
export function fromBerlin(text: string): Date | null {
  const match = /^(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2})$/.exec(text.trim())
  if (!match) return null
  const [, day, month, year, hour, minute] = match.map(Number) as [number, ...number[]]
  const asUtc = Date.UTC(year!, month! - 1, day!, hour!, minute!)
  const wanted = `${match[3]}-${match[2]}-${match[1]} ${match[4]}:${match[5]}`
  for (const offsetHours of [2, 1]) {
    const instant = new Date(asUtc - offsetHours * 3_600_000)
    const { date, time } = toBerlin(instant)
    if (`${date} ${time}` === wanted) return instant
  }
  return null
}
