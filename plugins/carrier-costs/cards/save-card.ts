import { sql } from 'drizzle-orm'
import { ConflictError, fingerprint, NotFoundError, type PluginDb } from 'entrepot/sdk'
import { query } from '../part.ts'
import type { CardVersion, RateCard } from '../rate-card.ts'
import { type CardHead, effectiveVersions, readHeads } from './in-force.ts'

/** What an import did with one version. */
export type SavedVersion = {
  card: string
  version: number
  validFrom: string
  validUntil: string | null
  outcome: 'unchanged' | 'new' | 'supersedes'
  /** The version that this one replaces from now on; it stays for what it has priced. */
  supersedes: number | null
}

type Act = { actor: string; now: Date }
type Tx = Parameters<Parameters<PluginDb['transaction']>[0]>[0]

/**
 * Keeps a card. The same prices again change nothing; other prices for the same first day are a new version, and
 * the old one stays for what it has priced.
 * @throws ConflictError where the currency or the time zone is another than before, or validities do not fit
 */
export const saveCard = (db: PluginDb, card: RateCard, act: Act): Promise<SavedVersion[]> =>
  db.transaction(async (tx) => {
    await lockCard(tx, card)
    const saved: SavedVersion[] = []
    for (const version of card.versions) saved.push(await saveVersion(tx, card, version, act))
    if (saved.some(({ outcome }) => outcome !== 'unchanged'))
      await tx.execute(
        sql`update carrier_costs_cards set name = ${card.name}, carrier = ${card.carrier} where id = ${card.id}`,
      )
    return saved
  })

async function lockCard(tx: Tx, card: RateCard): Promise<void> {
  await tx.execute(sql`
    insert into carrier_costs_cards (id, name, carrier, currency, time_zone)
    values (${card.id}, ${card.name}, ${card.carrier}, ${card.currency}, ${card.timeZone}) on conflict (id) do nothing`)
  const [known] = await query<{ currency: string; timeZone: string }>(
    tx,
    sql`select currency, time_zone as "timeZone" from carrier_costs_cards where id = ${card.id} for update`,
  )
  for (const [field, what] of [
    ['currency', 'currency'],
    ['timeZone', 'time zone'],
  ] as const)
    if (known![field] !== card[field])
      throw new ConflictError(
        `The rate card "${card.id}" has the ${what} ${known![field]}; the import has ${card[field]}. Give the import another id.`,
      )
}

async function saveVersion(tx: Tx, card: RateCard, version: CardVersion, act: Act): Promise<SavedVersion> {
  const document = { ...card, versions: [version] }
  const print = fingerprint(document)
  const heads = await readHeads(tx, card.id)
  const { validFrom, validUntil } = version
  const before = heads.findLast((head) => head.validFrom === validFrom && !head.isWithdrawn)
  const said = { card: card.id, validFrom, validUntil }
  if (before?.fingerprint === print)
    return { ...said, version: before.number, outcome: 'unchanged', supersedes: null }
  const number = (heads.at(-1)?.number ?? 0) + 1
  const head: CardHead = {
    cardId: card.id,
    number,
    validFrom,
    validUntil,
    fingerprint: print,
    importedAt: act.now.toISOString(),
    importedBy: act.actor,
    isWithdrawn: false,
  }
  effectiveVersions(card.id, [...heads, head])
  await tx.execute(sql`
    insert into carrier_costs_card_versions (card_id, number, valid_from, valid_until, document, fingerprint, imported_at, imported_by)
    values (${card.id}, ${number}, ${validFrom}::date, ${validUntil}::date, ${JSON.stringify(document)}::text::jsonb, ${print}, ${head.importedAt}::timestamptz, ${act.actor})`)
  return {
    ...said,
    version: number,
    outcome: before ? 'supersedes' : 'new',
    supersedes: before?.number ?? null,
  }
}

/**
 * Takes a version out of use; it stays for what it has priced, and the one that it superseded prices again.
 * @throws NotFoundError; ConflictError where what is left has a gap
 */
export const withdrawVersion = (db: PluginDb, cardId: string, number: number): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from carrier_costs_cards where id = ${cardId} for update`)
    const heads = await readHeads(tx, cardId)
    if (!heads.some((head) => head.number === number))
      throw new NotFoundError(`There is no version ${number} of the rate card "${cardId}".`)
    effectiveVersions(
      cardId,
      heads.map((head) => (head.number === number ? { ...head, isWithdrawn: true } : head)),
    )
    await tx.execute(
      sql`update carrier_costs_card_versions set is_withdrawn = true where card_id = ${cardId} and number = ${number}`,
    )
  })
