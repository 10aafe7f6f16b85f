import { bigint, text, timestamp } from 'drizzle-orm/pg-core'

/** An instant, UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })
/** Money in minor units, or a quantity; beyond 2^53 is refused by the services. */
export const whole = (name: string) => bigint(name, { mode: 'number' })
/** A prefixed id, see core/lib/id.ts. */
export const id = () => text('id').primaryKey()
export const createdAt = () => instant('created_at').notNull().defaultNow()
