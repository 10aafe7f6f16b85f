import { sql } from 'drizzle-orm'
import type { PluginDb } from 'entrepot/sdk'
import { NotFoundError } from 'entrepot/sdk'
import { type Compiled, compileCard } from '../compile.ts'
import { query } from '../part.ts'
import { rateCard } from '../rate-card.ts'
import { addVersion } from '../versions.ts'

/** A version of a card without its prices. */
export type CardHead = {
  cardId: string
  number: number
  validFrom: string
  validUntil: string | null
  fingerprint: string
  importedAt: string
  importedBy: string
  isWithdrawn: boolean
}

/** A card with the versions that price, oldest first: each is in force until the next begins. */
export type StoredCard = {
  id: string
  name: string
  carrier: string
  currency: string
  timeZone: string
  versions: CardHead[]
}

/** A stored version that the engine cannot use. */
export class UnreadableCardError extends Error {
  override name = 'UnreadableCardError'
}

type Db = Pick<PluginDb, 'execute'>

/** All versions ever imported, also superseded and withdrawn ones, by number. */
export const readHeads = (db: Db, cardId: string | null = null): Promise<CardHead[]> =>
  query(
    db,
    sql`select card_id as "cardId", number, valid_from::text as "validFrom", valid_until::text as "validUntil", fingerprint,
      imported_at as "importedAt", imported_by as "importedBy", is_withdrawn as "isWithdrawn"
    from carrier_costs_card_versions where ${cardId}::text is null or card_id = ${cardId} order by card_id, number`,
  )

/** Every card with the versions that price. */
export async function readCards(db: Db): Promise<StoredCard[]> {
  const cards = await query<Omit<StoredCard, 'versions'>>(
    db,
    sql`select id, name, carrier, currency, time_zone as "timeZone" from carrier_costs_cards order by id`,
  )
  const heads = Map.groupBy(await readHeads(db), (head) => head.cardId)
  return cards.map((card) => ({ ...card, versions: effectiveVersions(card.id, heads.get(card.id) ?? []) }))
}

/**
 * The versions that price: of those with the same first day the last imported, without withdrawn ones, an open one
 * ending where the next begins.
 * @throws ConflictError where they overlap or leave a gap
 */
export function effectiveVersions(cardId: string, heads: readonly CardHead[]): CardHead[] {
  const latest = new Map<string, CardHead>()
  for (const head of heads.toSorted((a, b) => a.number - b.number))
    if (!head.isWithdrawn) latest.set(head.validFrom, head)
  const sorted = [...latest.values()].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  let card: { id: string; versions: CardHead[] } = { id: cardId, versions: [] }
  for (const head of sorted) card = addVersion(card, head)
  return card.versions
}

/** More cards than one hub is likely to price at once; the one not used for longest goes first. */
const keptCards = 64
/** By fingerprint of the document: the same content is the same compiled card, wherever it is stored. */
const compiledCards = new Map<string, Compiled>()

/** A version ready to price; kept in memory. @throws NotFoundError, UnreadableCardError */
export async function openVersion(
  db: Db,
  version: { cardId: string; number: number; fingerprint?: string },
): Promise<Compiled> {
  const known = version.fingerprint && compiledCards.get(version.fingerprint)
  if (known) {
    keep(version.fingerprint!, known)
    return known
  }
  const [found] = await query<{ document: unknown; fingerprint: string }>(
    db,
    sql`select document, fingerprint from carrier_costs_card_versions where card_id = ${version.cardId} and number = ${version.number}`,
  )
  if (!found)
    throw new NotFoundError(`There is no version ${version.number} of the rate card "${version.cardId}".`)
  const parsed = rateCard.safeParse(found.document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UnreadableCardError(
      `Version ${version.number} of the rate card "${version.cardId}" cannot be read: ${issue?.path.join('.')}: ${issue?.message}. Import it again.`,
    )
  }
  const compiled = compileCard(parsed.data, parsed.data.versions[0]!)
  keep(found.fingerprint, compiled)
  return compiled
}

function keep(fingerprint: string, compiled: Compiled): void {
  compiledCards.delete(fingerprint)
  compiledCards.set(fingerprint, compiled)
  if (compiledCards.size <= keptCards) return
  const [oldest] = compiledCards.keys()
  compiledCards.delete(oldest!)
}
