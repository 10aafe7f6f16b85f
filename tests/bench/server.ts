import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type Database, migrateDatabase, openDatabase } from '../../core/db/client.ts'
import { startEmbedded } from '../../core/db/embedded.ts'
import { startQueue } from '../../core/sync/queue.ts'

/** A PostgreSQL with its default durability, and a migrated template to clone. */
export type Server = {
  /** A database of its own; `drop` closes and removes it. */
  clone(): Promise<Database & { drop(): Promise<void> }>
  /** A folder for files, gone when the server stops. */
  folder: string
  stop(): Promise<void>
}

export async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-bench-'))
  await chmod(folder, 0o755)
  const server = await startEmbedded(folder)
  const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: name }).href
  const admin = await openDatabase(server.url, { poolSize: 1 })
  await admin.db.execute('create database template_hub')
  const template = await openDatabase(urlOf('template_hub'), { poolSize: 2 })
  await migrateDatabase(template)
  await (await startQueue(template, { isWorker: false })).stop()
  await template.close()
  let count = 0
  return {
    folder,
    clone: async () => {
      count += 1
      const name = `bench_${count}`
      await admin.db.execute(`create database ${name} template template_hub`)
      const database = await openDatabase(urlOf(name))
      const drop = async () => {
        await database.close()
        await admin.db.execute(`drop database ${name} with (force)`)
      }
      return { ...database, drop }
    },
    stop: async () => {
      await admin.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Leaves nothing of the preparation for the measurement to pay: neither dirty pages nor garbage. */
export async function settleDown({ db }: Pick<Database, 'db'>): Promise<void> {
  await db.execute(sql`checkpoint`)
  globalThis.gc?.()
}

/** Asks until it is so. @throws Error naming what was waited for. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  { everyMs = 5, forMs = 180_000 } = {},
): Promise<void> {
  const giveUpAt = Date.now() + forMs
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited ${forMs / 1000} s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
