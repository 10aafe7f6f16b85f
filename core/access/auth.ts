import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { eq } from 'drizzle-orm'
import type { MasterKey } from '../connections/keys.ts'
import type { DbOrTx } from '../db/client.ts'
import {
  authAccounts,
  authSessions,
  authTwoFactors,
  authUsers,
  authVerifications,
} from '../db/schema/index.ts'
import { type IdPrefix, newId } from '../lib/id.ts'
import type { Log } from '../lib/log.ts'
import { passwordLength } from './password.ts'
import { accessSecret } from './secret.ts'

/** How long a session lives without being used, in seconds. */
const idleSeconds = 24 * 60 * 60
/** How often using a session makes it longer, in seconds. */
const renewEverySeconds = 10 * 60

/** Wrong codes in a row before the second factor rests, and how long it rests. */
export const secondFactorLock = { attempts: 5, minutes: 15 } as const

/** The header that tells better-auth where a request came from; set by the hub alone. */
export const addressHeader = 'x-entrepot-address'
export const cookiePrefix = 'entrepot'

const prefixes: Record<string, IdPrefix> = {
  user: 'usr',
  session: 'ses',
  account: 'acc',
  verification: 'vrf',
  twoFactor: 'tfa',
}

export type AuthOptions = {
  db: DbOrTx
  key: MasterKey
  log: Log
  /** Whether the browser reached the hub by HTTPS: its cookies then travel by nothing else. */
  isSecure: boolean
}

/**
 * better-auth on a database or within a transaction, so that what it writes and the audit log stand or fall
 * together. It is called from here only and has no HTTP of its own.
 */
export const openAuth = ({ db, key, log, isSecure }: AuthOptions) =>
  betterAuth({
    appName: 'Entrepot',
    baseURL: 'http://localhost',
    secret: accessSecret(key),
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => log.error({}, `Login: ${message}`) },
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: {
        user: authUsers,
        session: authSessions,
        account: authAccounts,
        verification: authVerifications,
        twoFactor: authTwoFactors,
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    session: { expiresIn: idleSeconds, updateAge: renewEverySeconds },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, input: false },
        disabledAt: { type: 'date', required: false, input: false },
      },
    },
    advanced: {
      cookiePrefix,
      useSecureCookies: isSecure,
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: {
        generateId: ({ model }) => newId(prefixes[model]!),
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const [user] = await db
              .select({ disabledAt: authUsers.disabledAt })
              .from(authUsers)
              .where(eq(authUsers.id, userId))
            return user?.disabledAt === null
          },
        },
      },
    },
    plugins: [
      twoFactor({
        issuer: 'Entrepot',
        accountLockout: {
          maxFailedAttempts: secondFactorLock.attempts,
          durationSeconds: secondFactorLock.minutes * 60,
        },
      }),
    ],
  })

export type Auth = ReturnType<typeof openAuth>
