import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testPassword } from '../support/callers.ts'
import { useDatabase } from '../support/database.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
const database = useDatabase()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrepot-users-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const argsOf = (args: string[]) => [
  main,
  '--json',
  '--database-url',
  database().url,
  '--data-folder',
  folder,
  ...args,
]

/** Runs a command with --json; the exit code tells how it ended. */
async function entrepot(...args: string[]): Promise<{ code: number; value: unknown }> {
  const run = promisify(execFile)(process.execPath, argsOf(args), { cwd: folder, timeout: 60_000 })
  const { code, stdout } = await run.then(
    (done) => ({ code: 0, stdout: done.stdout }),
    (error: { code: number; stdout: string }) => error,
  )
  return { code, value: JSON.parse(stdout) }
}

test('a new hub prints where the first admin is made; the command line manages people from then on', async () => {
  const hub = spawn(process.execPath, argsOf(['api', '--port', '0', '--log-level', 'silent']), {
    cwd: folder,
  })
  const ended = new Promise((done) => hub.once('exit', done))
  const first = await new Promise<string>((done) => createInterface(hub.stdout).once('line', done))
  const { url, firstAdmin } = JSON.parse(first) as { url: string; firstAdmin: string }
  expect(firstAdmin).toMatch(new RegExp(`^${url}/join#[\\w-]{43}$`))
  const redeemed = await fetch(`${url}/api/links/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: firstAdmin.split('#')[1],
      email: 'ada@shop.example',
      name: 'Ada',
      password: testPassword,
    }),
  })
  expect(redeemed.status).toBe(200)
  hub.kill()
  await ended

  const invited = await entrepot('users', 'invite', 'bob@shop.example', '--role', 'operator')
  expect(invited).toMatchObject({ code: 0, value: { path: expect.stringMatching(/^\/join#/) } })
  expect((await entrepot('users', 'invite', 'eve@shop.example', '--role', 'boss')).code).toBe(2)
  expect((await entrepot('users', 'role', 'ada@shop.example', 'viewer')).code).toBe(4)
  expect((await entrepot('users', 'disable', 'bob@shop.example')).code).toBe(0)
  expect((await entrepot('users', 'disable', 'nobody@shop.example')).code).toBe(3)
  expect((await entrepot('users', 'list')).value).toMatchObject([
    { email: 'ada@shop.example', role: 'admin', state: 'active' },
    { email: 'bob@shop.example', role: 'operator', state: 'disabled' },
  ])
})
