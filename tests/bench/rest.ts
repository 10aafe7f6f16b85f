import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { atMost, type Bench, type Figure, type Row } from './row.ts'

const launcher = fileURLToPath(new URL('../../core/cli/entrepot.mjs', import.meta.url))
/** Until what starting needed has been given back. */
const settleMs = 10_000

/**
 * The hub with its API and its worker in one process, doing nothing, and the launcher that starts it with the
 * right Node.js and flags. Its PostgreSQL is a server of its own.
 */
async function measure(bench: Bench): Promise<Row[]> {
  const folder = join(bench.server.folder, 'hub-at-rest')
  await mkdir(folder)
  await chmod(folder, 0o755)
  const env = { ...process.env }
  delete env.DATABASE_URL
  const child = spawn(
    process.execPath,
    [launcher, 'start', '--json', '--port', '0', '--data-folder', folder, '--log-level', 'error'],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const stop = () => void child.kill('SIGTERM')
  process.once('exit', stop)
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  try {
    const { url } = await waitUntilRunning(child, ended)
    const answer = await fetch(new URL('/healthz', url))
    await answer.text()
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const [hub] = await readChildren(child.pid!)
    const megabytes = ((await readRssBytes(child.pid!)) + (await readRssBytes(hub!))) / 2 ** 20
    return [
      atMost(
        'rest, memory of the hub with API and worker in one process, and its launcher',
        megabytes,
        300,
        'MB',
      ),
    ]
  } finally {
    process.off('exit', stop)
    stop()
    await ended
  }
}

/** The line of JSON in which the hub says that it runs. */
function waitUntilRunning(child: ChildProcess, ended: Promise<number | null>): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    void ended.then((code) => reject(new Error(`The hub ended with code ${code} before it ran.`)))
    createInterface(child.stdout!).on('line', (line) => {
      const said = JSON.parse(line) as { state?: string; url?: string }
      if (said.state === 'running') resolve({ url: said.url! })
    })
  })
}

async function readChildren(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').map(Number)
}

async function readRssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('The memory of the hub cannot be read.')
  return Number(kilobytes) * 1024
}

export const figures: Figure[] = [{ name: 'rest', measure }]
