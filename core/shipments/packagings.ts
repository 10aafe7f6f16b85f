import { asc, eq } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { DbOrTx, Tx } from '../db/client.ts'
import { packagings } from '../db/schema/index.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { InputError } from '../sdk/errors.ts'

export type Packaging = typeof packagings.$inferSelect
export type PackagingInput = Omit<Packaging, 'id'>

/** The boxes, by code. */
export const listPackagings = (db: DbOrTx): Promise<Packaging[]> =>
  db.select().from(packagings).orderBy(asc(packagings.code))

/** Adds a box, or changes the one with this code. @throws InputError naming the measure that is wrong. */
export async function savePackaging(tx: Tx, input: PackagingInput, act: Act): Promise<Packaging> {
  for (const field of ['lengthMm', 'widthMm', 'heightMm', 'maxWeightGrams'] as const)
    if (!Number.isInteger(input[field]) || input[field] <= 0)
      throw new InputError(`${field} must be a whole number above zero, not ${input[field]}.`, field)
  if (!Number.isInteger(input.tareGrams) || input.tareGrams < 0)
    throw new InputError('An empty box weighs nothing or more.', 'tareGrams')
  if (input.maxWeightGrams <= input.tareGrams)
    throw new InputError(
      'The largest weight counts the empty box: it must be above tareGrams.',
      'maxWeightGrams',
    )
  const [before] = await tx.select().from(packagings).where(eq(packagings.code, input.code)).for('update')
  const { code: _code, ...change } = input
  const [after] = await tx
    .insert(packagings)
    .values({ id: newId('pkg', act.now.getTime()), ...input })
    .onConflictDoUpdate({ target: packagings.code, set: change })
    .returning()
  await appendAudit(tx, act, { action: 'packaging.saved', subject: after!.id, before: before ?? null, after })
  return after!
}
