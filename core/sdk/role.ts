import type { Context } from 'hono'
import { ForbiddenError } from './errors.ts'

/**
 * What a person may do, from the least to the most. Each may do what those before it may.
 * - `viewer` reads everything but secrets and users;
 * - `operator` does the daily work: mappings, orders, stock, shipments, imports, problems;
 * - `manager` decides: proposals, prices, caps, pausing, ending listings, refunds;
 * - `admin` manages connections and their credentials, users, keys and settings.
 */
export const roles = ['viewer', 'operator', 'manager', 'admin'] as const
export type Role = (typeof roles)[number]

/** Whether someone with a role may do what takes at least another. */
export const isAtLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least)

/** The lesser of two roles. */
export const lesserRole = (one: Role, other: Role): Role => (isAtLeast(one, other) ? other : one)

/** Who calls a route of a plugin, as the audit log writes it down. */
export const actorOf = (c: Context): string => {
  const actor: unknown = c.get('actor')
  if (typeof actor !== 'string') throw new ForbiddenError('Nobody is signed in.')
  return actor
}

/**
 * Lets only those go on who have at least a role. Without it, below /plugins/<id> a viewer may GET and an operator
 * may do everything else. @throws ForbiddenError
 */
export function requireRole(c: Context, least: Role): void {
  const role: unknown = c.get('role')
  if (!roles.includes(role as Role) || !isAtLeast(role as Role, least))
    throw new ForbiddenError(`This takes the role "${least}". Ask somebody who has it, or an admin.`)
}
