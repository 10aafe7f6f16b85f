import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrateDatabase, openDatabase } from '../../core/db/client.ts'
import { startEmbedded } from '../../core/db/embedded.ts'
import { startQueue } from '../../core/sync/queue.ts'
import { buildUiIfStale } from './built-ui.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string
  }
}

/** One real PostgreSQL for the run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject) {
  buildUiIfStale()
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-tests-'))
  const { chmod } = await import('node:fs/promises')
  await chmod(folder, 0o755)
  const flags = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300']
  const server = await startEmbedded(folder, { flags: flags.flatMap((flag) => ['-c', flag]) })
  const admin = await openDatabase(server.url, { poolSize: 1 })
  await admin.db.execute('create database template_hub')
  await admin.close()
  const template = await openDatabase(urlFor(server.url, 'template_hub'), { poolSize: 2 })
  await migrateDatabase(template)
  await (await startQueue(template, { isWorker: false })).stop()
  await template.close()
  project.provide('databaseUrl', server.url)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export function urlFor(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
