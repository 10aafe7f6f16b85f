import type { Sql, TransactionSql } from 'postgres'
import { isConnectionLost } from './transact.ts'

type Transaction = { isOver: boolean }
type Work = (tx: TransactionSql) => unknown

/** Should the driver not notice by itself that the connection is gone. */
const patienceMs = 5_000

/**
 * The driver dies of writing to a connection that is gone, be it its own rollback, and never uses that place in
 * the pool again. So once a transaction has lost its connection nothing more of it is written: it fails, and
 * what is left of its work stands still.
 * @see https://github.com/porsager/postgres/issues/1208
 */
export function guardTransactions(client: Sql): Sql {
  return new Proxy(client, {
    get(target, name) {
      const found = Reflect.get(target, name) as unknown
      if (name !== 'begin') return found
      return async (...given: [string, Work] | [Work]) => {
        const state: Transaction = { isOver: false }
        const work = given.at(-1) as Work
        const guarded: Work = (tx) => whileAlive(state, () => work(guard(tx, state)))
        try {
          return await (given.length === 2
            ? target.begin(given[0] as string, guarded)
            : target.begin(guarded))
        } finally {
          state.isOver = true
        }
      }
    },
  })
}

/** The transaction as its work sees it. */
const guard = (tx: TransactionSql, state: Transaction): TransactionSql =>
  new Proxy(tx, {
    get(target, name) {
      const found = Reflect.get(target, name) as unknown
      if (name === 'savepoint')
        return (work: Work) => target.savepoint((inner) => whileAlive(state, () => work(guard(inner, state))))
      if (name !== 'unsafe') return found
      return (...given: Parameters<TransactionSql['unsafe']>) => {
        if (state.isOver)
          throw Object.assign(new Error('The connection to the database was lost.'), {
            code: 'CONNECTION_CLOSED',
          })
        return target.unsafe(...given)
      }
    },
  })

/** Keeps the end of the work from the driver when there is no connection left to commit or roll back on. */
async function whileAlive(state: Transaction, work: () => unknown): Promise<unknown> {
  let loss: unknown = new Error('The connection to the database was lost.')
  try {
    const result = await work()
    if (!state.isOver) return result
  } catch (error) {
    if (!state.isOver && !isConnectionLost(error)) throw error
    loss = error
  }
  return new Promise((_resolve, reject) => {
    setTimeout(() => {
      if (!state.isOver) reject(loss)
    }, patienceMs).unref()
  })
}
