import { makeFirstAdminLink } from '../access/links.ts'
import { linkPath } from '../api/links.ts'
import type { Db } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { cliAct } from './session.ts'

/** While nobody can sign in: where the first admin is made. An earlier link stops working. Null once somebody can. */
export async function firstAdminUrl(db: Db, url: string): Promise<string | null> {
  const link = await transact(db, (tx) => makeFirstAdminLink(tx, cliAct()))
  return link && `${url}${linkPath(link.token)}`
}

/** Where to sign in, for the person who started the hub. */
export const signInNotice = (url: string, firstAdmin: string | null): string =>
  firstAdmin === null
    ? `Sign in at ${url}.`
    : `Nobody has an account yet. Make the first admin at ${firstAdmin} (works once, for 24 hours; a new start prints a new one).`
