import { csvLine } from 'entrepot/sdk'
import type { Phased } from './phases.ts'

/** Campaigns as a spreadsheet reads them. */
export function calendarCsv(campaigns: readonly Phased[]): string {
  const header = ['id', 'title', 'state', 'kind', 'owner', 'starts', 'ends', 'time zone', 'priority']
  const lines = campaigns.map((campaign) => [
    campaign.id,
    campaign.title,
    campaign.phase,
    campaign.kind.kind,
    campaign.owner,
    campaign.startsOn.toISOString(),
    campaign.endsOn.toISOString(),
    campaign.timeZone,
    campaign.priority,
  ])
  return [header, ...lines].map(csvLine).join('')
}

/**
 * Campaigns as calendars read them.
 * @see https://www.rfc-editor.org/rfc/rfc5545 iCalendar
 */
export function calendarIcs(campaigns: readonly Phased[], now: Date): string {
  const events = campaigns.flatMap((campaign) => [
    'BEGIN:VEVENT',
    `UID:${campaign.id}@entrepot`,
    `SEQUENCE:${campaign.revision}`,
    `DTSTAMP:${icsTime(now)}`,
    `DTSTART:${icsTime(campaign.startsOn)}`,
    `DTEND:${icsTime(campaign.stoppedAt ?? campaign.endsOn)}`,
    `SUMMARY:${icsText(campaign.title)}`,
    `DESCRIPTION:${icsText(`${campaign.phase}, ${campaign.owner}. ${campaign.goal}`)}`,
    'END:VEVENT',
  ])
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//entrepot//promotions//EN',
    ...events,
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

const icsTime = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, '')
const icsText = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')

/** A line has at most 75 octets; a longer one goes on after a line break and a space, never within a letter. */
function fold(line: string): string {
  const pieces: string[] = []
  let piece = ''
  for (const letter of line) {
    if (Buffer.byteLength(piece + letter) > 74) {
      pieces.push(piece)
      piece = ''
    }
    piece += letter
  }
  return [...pieces, piece].join('\r\n ')
}
