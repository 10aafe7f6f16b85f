import type { MasterKey } from '../connections/keys.ts'
import type { Db, Tx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type Auth, addressHeader, openAuth } from './auth.ts'

/** What login works with; a hub is one. */
export type AccessPorts = { db: Db; key: MasterKey; clock: Clock; log: Log }

/** A browser or program that asks for something. */
export type Visitor = {
  /** The network address, as far as the hub can trust what it was told. */
  address: string
  userAgent: string
  /** The Cookie header, empty when there is none. */
  cookies: string
  /** Whether it reached the hub by HTTPS. */
  isSecure: boolean
}

/** An answer with the cookies that go with it, as values of Set-Cookie. */
export type WithCookies<Answer> = { answer: Answer; cookies: string[] }

export type Access = AccessPorts & { authOf(visitor: Visitor): Auth }

export function openAccess(ports: AccessPorts): Access {
  const opened = new Map<boolean, Auth>()
  const authOf = ({ isSecure }: Visitor) => {
    const auth = opened.get(isSecure) ?? openAuth({ ...ports, isSecure })
    opened.set(isSecure, auth)
    return auth
  }
  return { ...ports, authOf }
}

/** Runs better-auth within a transaction, so that its writes and the audit log stand or fall together. */
export const withAuth = <Result>(
  { db, key, log }: AccessPorts,
  { isSecure }: Visitor,
  work: (auth: Auth, tx: Tx) => Promise<Result>,
): Promise<Result> => transact(db, (tx) => work(openAuth({ db: tx, key, log, isSecure }), tx))

/** The headers that better-auth reads. */
export const headersOf = ({ address, userAgent, cookies }: Visitor): Headers =>
  new Headers({ cookie: cookies, 'user-agent': userAgent, [addressHeader]: address })

/** better-auth's code for a refusal; null for whatever is none. */
export function refusalCode(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'APIError') return null
  const { body } = error as { body?: { code?: string; message?: string } }
  return body?.code ?? body?.message ?? 'UNKNOWN'
}
