import { eq } from 'drizzle-orm'
import type { DbOrTx } from '../db/client.ts'
import { proposals } from '../db/schema/index.ts'
import { NotFoundError } from '../sdk/errors.ts'
import type { Proposal } from './proposals.ts'

/** A proposal, decided or not. @throws NotFoundError */
export async function readProposal(db: DbOrTx, id: string): Promise<Proposal> {
  const [found] = await db.select().from(proposals).where(eq(proposals.id, id))
  if (!found) throw new NotFoundError(`There is no proposal ${id}.`)
  return found
}
