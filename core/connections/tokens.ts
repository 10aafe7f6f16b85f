import { and, eq, sql } from 'drizzle-orm'
import type { Db, DbOrTx } from '../db/client.ts'
import { accessTokens } from '../db/schema/index.ts'
import type { Clock } from '../lib/clock.ts'
import { seal, unseal } from '../lib/crypto.ts'
import type { TokenCache } from '../sdk/connector.ts'

type Token = { value: string; expiresAt: Date }

/**
 * Access tokens of a connection, shared by all workers through the database, where they lie sealed. One
 * refresh at a time: in this process by a shared promise, between processes by an advisory lock.
 */
export function createTokenCache(db: Db, connectionId: string, dataKey: Buffer, clock: Clock): TokenCache {
  const held = new Map<string, Token>()
  const flights = new Map<string, Promise<Token>>()
  /** The value that was refused last: whoever still finds it, here or in the database, must not use it. */
  const refused = new Map<string, string>()
  const binding = (name: string) => `token:${connectionId}:${name}`
  const isGood = (name: string, token: Token | undefined): token is Token =>
    token !== undefined && token.expiresAt > clock.now() && refused.get(name) !== token.value

  async function read(from: DbOrTx, name: string): Promise<Token | undefined> {
    const [row] = await from
      .select()
      .from(accessTokens)
      .where(and(eq(accessTokens.connectionId, connectionId), eq(accessTokens.name, name)))
    const value = row && openOrNull(row.sealed, name)
    return value ? { value, expiresAt: row.expiresAt } : undefined
  }

  /** A token sealed before the credentials were replaced opens no more, and is as good as none. */
  function openOrNull(sealed: Buffer, name: string): string | null {
    try {
      return unseal(dataKey, sealed, binding(name)).toString()
    } catch {
      return null
    }
  }

  async function fetchShared(name: string, refresh: () => Promise<Token>): Promise<Token> {
    const shared = await read(db, name)
    if (isGood(name, shared)) return shared
    return db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${binding(name)}, 0))`)
      const other = await read(tx, name)
      if (isGood(name, other)) return other
      const token = await refresh()
      const values = {
        sealed: seal(dataKey, Buffer.from(token.value), binding(name)),
        expiresAt: token.expiresAt,
      }
      await tx
        .insert(accessTokens)
        .values({ connectionId, name, ...values })
        .onConflictDoUpdate({ target: [accessTokens.connectionId, accessTokens.name], set: values })
      return token
    })
  }

  return {
    async get(name, refresh) {
      const cached = held.get(name)
      if (isGood(name, cached)) return cached.value
      const flight = flights.get(name) ?? fetchShared(name, refresh).finally(() => flights.delete(name))
      flights.set(name, flight)
      const token = await flight
      held.set(name, token)
      return token.value
    },
    async drop(name, value) {
      refused.set(name, value)
      await db.transaction(async (tx) => {
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${binding(name)}, 0))`)
        if ((await read(tx, name))?.value !== value) return
        await tx
          .delete(accessTokens)
          .where(and(eq(accessTokens.connectionId, connectionId), eq(accessTokens.name, name)))
      })
    },
  }
}
