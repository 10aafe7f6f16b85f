import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Database } from '../../core/db/client.ts'
import * as schema from '../../core/db/schema/index.ts'

/** A database that is gone for good after so many statements, as it is for a process that was killed. */
export type BreakableDatabase = Database & {
  /** From the statement with this number on, nothing is answered. Beginnings and ends of transactions count. */
  breakAt(statement: number): void
  isBroken(): boolean
  heal(): void
}

/** Opens a database on `url` whose statements can be made to fail from the n-th on. */
export function openBreakable(url: string): BreakableDatabase {
  const client = postgres(url, { max: 4, onnotice: () => {} })
  let count = 0
  let last = Number.POSITIVE_INFINITY
  const pass = () => {
    count += 1
    if (count >= last) throw Object.assign(new Error('the process was killed'), { code: 'CONNECTION_CLOSED' })
  }
  type Run = (work: (inner: unknown) => Promise<unknown>) => Promise<unknown>
  const guard = <Client extends object>(inner: Client): Client =>
    new Proxy(inner, {
      get(target, name) {
        const found = Reflect.get(target, name) as unknown
        if (name === 'unsafe')
          return (...given: unknown[]) => {
            pass()
            return (found as (...args: unknown[]) => unknown).apply(target, given)
          }
        if (name !== 'begin' && name !== 'savepoint') return found
        return async (work: (tx: object) => Promise<unknown>) => {
          pass()
          const result = await (found as Run).call(target, async (tx) => {
            const done = await work(guard(tx as object))
            pass()
            return done
          })
          // The commit may be there although its answer is not.
          pass()
          return result
        }
      },
    })
  const db = drizzle(guard(client), { schema })
  return {
    db,
    forgetful: db,
    url,
    listen: async () => {},
    close: () => client.end({ timeout: 5 }),
    breakAt(statement) {
      count = 0
      last = statement
    },
    isBroken: () => count >= last,
    heal() {
      last = Number.POSITIVE_INFINITY
    },
  }
}
