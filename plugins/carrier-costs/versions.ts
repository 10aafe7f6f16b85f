import { ConflictError } from 'entrepot/sdk'
import { createCalendar, dateOf, dayOf } from './days.ts'
import { findVersionFaults } from './find-faults.ts'

/** From one day until another, both taken in; null is open. */
export type Validity = { validFrom: string; validUntil: string | null }

/** The version that prices what is shipped then, by the card's calendar; undefined where none is in force. */
export function versionInForce<Version extends Validity>(
  card: { timeZone: string; versions: readonly Version[] },
  shipAt: Date,
): Version | undefined {
  const date = dateOf(createCalendar(card.timeZone)(shipAt))
  return card.versions.find(
    ({ validFrom, validUntil }) => validFrom <= date && (validUntil === null || date <= validUntil),
  )
}

/**
 * The card with one more version. An open one before it ends the day before; any other overlap, and every gap, is
 * refused.
 * @throws ConflictError
 */
export function addVersion<
  Version extends Validity,
  Card extends { id: string; versions: readonly Version[] },
>(card: Card, version: Version): Omit<Card, 'versions'> & { versions: Version[] } {
  const before = dateOf(dayOf(version.validFrom) - 1)
  const versions = [
    ...card.versions.map((known) => (endsOpen(known, version) ? { ...known, validUntil: before } : known)),
    version,
  ].toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  const fault = findVersionFaults(versions)[0]
  if (fault) throw new ConflictError(`The rate card ${card.id} cannot take these prices: ${fault.message}`)
  return { ...card, versions }
}

const endsOpen = (known: Validity, version: Validity): boolean =>
  known.validUntil === null && known.validFrom < version.validFrom
