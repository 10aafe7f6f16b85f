import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { atMost, type Bench, type Figure, type Row } from './row.ts'

const main = fileURLToPath(new URL('../../core/cli/main.ts', import.meta.url))
/** Until what starting needed has been given back. */
const settleMs = 10_000

/** The hub with its API and its worker in one process, doing nothing. Its PostgreSQL is another process. */
async function measure(bench: Bench): Promise<Row[]> {
  const folder = join(bench.server.folder, 'hub-at-rest')
  await mkdir(folder)
  await chmod(folder, 0o755)
  const env = { ...process.env }
  delete env.DATABASE_URL
  const child = spawn(
    process.execPath,
    [main, 'start', '--json', '--port', '0', '--data-folder', folder, '--log-level', 'error'],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  try {
    const { url } = await waitUntilRunning(child, ended)
    const answer = await fetch(new URL('/healthz', url))
    await answer.text()
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const megabytes = (await readRssBytes(child.pid!)) / 2 ** 20
    return [atMost('rest, memory of the hub with API and worker in one process', megabytes, 300, 'MB')]
  } finally {
    child.kill('SIGINT')
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

async function readRssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('The memory of the hub cannot be read.')
  return Number(kilobytes) * 1024
}

export const figures: Figure[] = [{ name: 'rest', measure }]
