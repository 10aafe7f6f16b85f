import { and, eq, inArray, sql } from 'drizzle-orm'
import { findVariants } from '../catalog/catalog.ts'
import { type DbOrTx, query } from '../db/client.ts'
import { externalTerms, mappings } from '../db/schema/index.ts'
import type { MappingKind } from '../db/schema/mappings.ts'
import { texts } from '../lib/sql.ts'
import { safeReadingsOf } from '../orders/status.ts'
import { InputError } from '../sdk/errors.ts'
import type { OrderStatus } from '../sdk/model/order.ts'
import { kinds } from './kinds.ts'
import type { WordRef } from './meanings.ts'

type Source = { id: string; name: string }
/** A mapping that would be saved. */
export type Wanted = WordRef & { target: string }

type Check = (db: DbOrTx, source: Source, wanted: readonly Wanted[]) => Promise<void>

/** What a mapping of a kind has to name so that it means something. Where nothing is known, any text is taken. */
const checks: Partial<Record<MappingKind, Check>> = {
  category: (db, source, wanted) => assertListed(db, source, 'category', wanted),
  tax: (db, source, wanted) => assertListed(db, source, 'tax', wanted),
  location: async (db, _source, wanted) => {
    const found = await query<{ code: string }>(
      db,
      sql`select code from warehouses where code in (${texts(wanted.map(({ word }) => word))})`,
    )
    const known = new Set(found.map((row) => row.code))
    const unknown = wanted.find(({ word }) => !known.has(word))
    if (unknown) throw new InputError(`There is no warehouse "${unknown.word}".`, 'word')
  },
  sku: async (db, _source, wanted) => {
    const known = await findVariants(
      db,
      wanted.map(({ target }) => target),
    )
    const unknown = wanted.find(({ target }) => !known.has(target))
    if (unknown) throw new InputError(`There is no SKU "${unknown.target}" in the catalogue.`, 'target')
  },
  order_state: assertSafeReadings,
}

/** @throws InputError naming the first that means nothing, or would lose something. */
export async function assertMeaningful(
  db: DbOrTx,
  source: Source,
  kind: MappingKind,
  wanted: readonly Wanted[],
): Promise<void> {
  if (wanted.length === 0) return
  if (kind === 'attribute_value' && wanted.some(({ scope }) => scope === ''))
    throw new InputError('A value needs its attribute.', 'scope')
  await checks[kind]?.(db, source, wanted)
  if (!kinds[kind].mayShare) await assertUnshared(db, source, kind, wanted)
}

/** Where the platform told its terms, only one of them can be meant, and only one that takes goods. */
async function assertListed(
  db: DbOrTx,
  source: Source,
  kind: 'category' | 'tax',
  wanted: readonly Wanted[],
): Promise<void> {
  const listed = and(
    eq(externalTerms.connectionId, source.id),
    eq(externalTerms.kind, kind),
    eq(externalTerms.isListed, true),
  )
  const [any] = await db.select({ id: externalTerms.id }).from(externalTerms).where(listed).limit(1)
  if (!any) return
  const found = await db
    .select({ id: externalTerms.id, isAssignable: externalTerms.isAssignable })
    .from(externalTerms)
    .where(
      and(
        listed,
        inArray(
          externalTerms.id,
          wanted.map(({ target }) => target),
        ),
      ),
    )
  const known = new Map(found.map((row) => [row.id, row.isAssignable]))
  for (const { target } of wanted) {
    const word = kind === 'tax' ? 'tax class' : 'category'
    if (!known.has(target))
      throw new InputError(
        `${source.name} has no ${word} "${target}". If it is new there, read its terms again.`,
        'target',
      )
    if (!known.get(target))
      throw new InputError(
        `Goods cannot be put into "${target}" of ${source.name}: choose one below it.`,
        'target',
      )
  }
}

/** Only readings that cannot sell twice, ship twice or ship what is not paid. */
async function assertSafeReadings(db: DbOrTx, source: Source, wanted: readonly Wanted[]): Promise<void> {
  const found = await db
    .select({ id: externalTerms.id, reading: externalTerms.reading })
    .from(externalTerms)
    .where(
      and(
        eq(externalTerms.connectionId, source.id),
        eq(externalTerms.kind, 'order_state'),
        inArray(
          externalTerms.id,
          wanted.map(({ word }) => word),
        ),
      ),
    )
  const readings = new Map(found.map((row) => [row.id, row.reading]))
  for (const { word, target } of wanted) {
    const reading = readings.get(word) ?? null
    const safe = safeReadingsOf(reading)
    if ((safe as readonly OrderStatus[]).includes(target as OrderStatus)) continue
    throw new InputError(
      reading === null
        ? `"${target}" is no status of an order. There are: ${safe.join(', ')}.`
        : `${source.name} reads "${word}" as ${reading}; it can safely mean ${safe.join(', ')}, not "${target}".`,
      'target',
    )
  }
}

async function assertUnshared(
  db: DbOrTx,
  source: Source,
  kind: MappingKind,
  wanted: readonly Wanted[],
): Promise<void> {
  const targets = wanted.map(({ target }) => target)
  const found = await db
    .select({ word: mappings.word, target: mappings.theirs })
    .from(mappings)
    .where(
      and(eq(mappings.connectionId, source.id), eq(mappings.kind, kind), inArray(mappings.theirs, targets)),
    )
  const words = new Set(wanted.map(({ word }) => word))
  const holders = new Map(found.flatMap((row) => (words.has(row.word) ? [] : [[row.target, row.word]])))
  for (const { word, target } of wanted) {
    const holder = holders.get(target)
    if (holder !== undefined && holder !== word)
      throw new InputError(
        `"${target}" of ${source.name} means ${holder} already; one of two values would be lost.`,
        'target',
      )
    holders.set(target, word)
  }
}
