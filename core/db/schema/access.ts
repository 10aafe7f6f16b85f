import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Role } from '../../sdk/role.ts'
import { createdAt, id, instant } from './columns.ts'

/*
 * Who may do what. The fields that better-auth reads and writes bear its names; the rest is the hub's own.
 * https://better-auth.com/docs/concepts/database
 */

/** A person. Nobody is deleted, so that the audit log keeps its names: who leaves is disabled. */
export const authUsers = pgTable(
  'auth_users',
  {
    id: id(),
    name: text('name').notNull(),
    /** Lower case. */
    email: text('email').notNull(),
    /** The person has followed a one-time link: the account is in use. */
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    twoFactorEnabled: boolean('two_factor_enabled').default(false),
    role: text('role').$type<Role>().notNull(),
    disabledAt: instant('disabled_at'),
    /** BCP 47 language tag of the admin UI; null follows the browser. */
    locale: text('locale'),
    theme: text('theme').$type<'light' | 'dark' | 'auto'>().notNull().default('auto'),
    lastSignInAt: instant('last_sign_in_at'),
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('auth_users_email').on(t.email),
    index('auth_users_admins').on(t.id).where(sql`role = 'admin' and disabled_at is null`),
  ],
)

const userId = () =>
  text('user_id')
    .notNull()
    .references(() => authUsers.id, { onDelete: 'cascade' })

/** A signed-in browser. The cookie carries the token signed with a secret that is not in the database. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: id(),
    token: text('token').notNull(),
    userId: userId(),
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [uniqueIndex('auth_sessions_token').on(t.token), index('auth_sessions_user').on(t.userId)],
)

/** A person's way to sign in. The hub knows one: a password, hashed with scrypt. */
export const authAccounts = pgTable(
  'auth_accounts',
  {
    id: id(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: userId(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [uniqueIndex('auth_accounts_user').on(t.userId, t.providerId)],
)

/** What a sign-in waits for, such as its second factor. */
export const authVerifications = pgTable(
  'auth_verifications',
  {
    id: id(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('auth_verifications_identifier').on(t.identifier),
    index('auth_verifications_expiry').on(t.expiresAt),
  ],
)

/** The second factor of a person; secret and backup codes encrypted. */
export const authTwoFactors = pgTable(
  'auth_two_factors',
  {
    id: id(),
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    userId: userId(),
    verified: boolean('verified').default(true),
    failedVerificationCount: integer('failed_verification_count').default(0),
    lockedUntil: instant('locked_until'),
  },
  (t) => [uniqueIndex('auth_two_factors_user').on(t.userId)],
)

/** A key for programs, stored as a hash. It may do what its scope says and never more than its owner. */
export const authApiKeys = pgTable(
  'auth_api_keys',
  {
    id: id(),
    name: text('name').notNull(),
    /** SHA-256 of the key, in hex. */
    keyHash: text('key_hash').notNull(),
    /** How the key begins, to tell keys apart. */
    start: text('start').notNull(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => authUsers.id),
    role: text('role').$type<Role>().notNull(),
    /** Tags of the API that it may call; null for all. */
    tags: jsonb('tags').$type<string[]>(),
    expiresAt: instant('expires_at'),
    /** To the minute. */
    lastUsedAt: instant('last_used_at'),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    uniqueIndex('auth_api_keys_hash').on(t.keyHash),
    uniqueIndex('auth_api_keys_name').on(t.name).where(sql`revoked_at is null`),
    index('auth_api_keys_owner').on(t.ownerId),
  ],
)

/** A link that works once: it makes the first admin, or lets a person choose a password. Only its hash is kept. */
export const authLinks = pgTable(
  'auth_links',
  {
    tokenHash: text('token_hash').primaryKey(),
    purpose: text('purpose').$type<'first_admin' | 'invitation' | 'password_reset'>().notNull(),
    userId: text('user_id').references(() => authUsers.id, { onDelete: 'cascade' }),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('auth_links_user').on(t.userId)],
)

/** Attempts to prove who one is, by account and by address; all processes count together. */
export const authAttempts = pgTable(
  'auth_attempts',
  {
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    since: instant('since').notNull(),
  },
  (t) => [index('auth_attempts_since').on(t.since)],
)

/** What an admin has set for the whole hub; what is not here has its default. */
export const hubSettings = pgTable('hub_settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  revision: integer('revision').notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull(),
})
