import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, query } from '../../core/db/client.ts'
import { type EmbeddedServer, startEmbedded } from '../../core/db/embedded.ts'
import { silentLog } from '../../core/lib/log.ts'

describe('the embedded server', () => {
  let folder = ''
  const servers: EmbeddedServer[] = []
  const children: ChildProcess[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-embedded-'))
    await chmod(folder, 0o755)
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    for (const server of servers.splice(0)) await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const start = async (options: Parameters<typeof startEmbedded>[1] = {}) => {
    const server = await startEmbedded(folder, options)
    servers.push(server)
    return server
  }
  const ask = async (url: string, statement: ReturnType<typeof sql>) => {
    const database = await openDatabase(url, { poolSize: 1 })
    try {
      return await query<{ answer: string }>(database.db, statement)
    } finally {
      await database.close()
    }
  }
  const startProcess = async (): Promise<{ child: ChildProcess; url: string }> => {
    const program = fileURLToPath(new URL('./hub-process.ts', import.meta.url))
    const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
    return { child, url: chunk.toString().trim() }
  }

  test('keeps its data over a restart, on the same port if asked, with a password that only its owner can read', async () => {
    const first = await start()
    await ask(first.url, sql`create table kept as select 'yes' as answer`)
    await first.stop()
    const second = await start({ port: Number(new URL(first.url).port) })
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, sql`select answer from kept`)).toEqual([{ answer: 'yes' }])
    expect((await stat(join(folder, 'database-password'))).mode & 0o777).toBe(0o600)
    const stranger = new URL(second.url)
    stranger.password = 'wrong'
    await expect(openDatabase(stranger.href)).rejects.toThrow(/password/)
  })

  test('refuses a second hub on its folder, naming the first, unless it only attaches', async () => {
    const { child, url } = await startProcess()
    await expect(start()).rejects.toThrow(new RegExp(`process ${child.pid}.*ENTREPOT_DATA`))
    const attached = await start({ mayAttach: true })
    expect(attached.url).toBe(url)
    await attached.stop()
    expect(await ask(url, sql`select 'alive' as answer`)).toEqual([{ answer: 'alive' }])
  })

  test('of a hub that was killed is taken over with its data', async () => {
    const { child, url } = await startProcess()
    await ask(url, sql`create table kept as select 'yes' as answer`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await ask(url, sql`select 'still there' as answer`)).toHaveLength(1)
    const { url: next } = await start()
    expect(await ask(next, sql`select answer from kept`)).toEqual([{ answer: 'yes' }])
    await expect(openDatabase(url)).rejects.toThrow(/cannot be used/)
  })

  test('that dies is started again on its port, with its data; one that is stopped stays stopped', async () => {
    const revived = Promise.withResolvers<void>()
    const note = (message: string) => message.includes('runs again') && revived.resolve()
    const log = { ...silentLog, warn: (_fields: object, message: string) => void note(message) }
    const server = await start({ log })
    await ask(server.url, sql`create table kept as select 'yes' as answer`)
    const pidFile = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')
    process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL')
    await revived.promise
    expect(await ask(server.url, sql`select answer from kept`)).toEqual([{ answer: 'yes' }])
    await server.stop()
    await expect(openDatabase(server.url)).rejects.toThrow(/cannot be used/)
  })

  test('that cannot start says so in its own words', async () => {
    await expect(start({ flags: ['-c', 'shared_buffers=nonsense'] })).rejects.toThrow(/shared_buffers/)
  })
})
