import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { Db } from '../db/client.ts'
import { findImport } from '../imports/read.ts'
import type { ImportProgress } from '../imports/report.ts'
import { runImport } from '../imports/run.ts'
import { newId } from '../lib/id.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { ApiContext } from './context.ts'

/** How often a starting import is looked for. */
const lookMs = 20

/** Imports that this process runs, with how far they are. */
export type ImportDesk = {
  /** Starts an import in the background. Resolves to its id once it is written down. @throws InputError, ConflictError */
  start(profile: string, path: string, actor: string): Promise<string>
  progressOf(id: string): ImportProgress | null
  isRunning(id: string): boolean
}

export function createImportDesk({ hub, importFolder }: ApiContext): ImportDesk {
  const running = new Map<string, { progress: ImportProgress | null }>()
  const sources = new Set<string>()

  async function start(profile: string, path: string, actor: string): Promise<string> {
    if (importFolder === null)
      throw new ConflictError(
        'No import folder is set: the API may read no files. Import with the command line.',
      )
    const source = await resolveInside(importFolder, path, 'path')
    const from = profile.endsWith('.json') ? await resolveInside(importFolder, profile, 'profile') : profile
    if (sources.has(source)) throw new ConflictError(`${path} is being imported already.`)
    sources.add(source)
    const startedAt = hub.clock.now()
    const state: { progress: ImportProgress | null } = { progress: null }
    const run = runImport({
      db: hub.db,
      profile: from,
      path: source,
      actor,
      clock: startingAt(hub.clock, startedAt),
      rejectsPath: join(importFolder, `rejects-${newId('imp', startedAt.getTime())}.csv`),
      onProgress: (progress) => {
        state.progress = progress
      },
    }).finally(() => sources.delete(source))
    const id = await untilWritten(hub.db, source, startedAt, run)
    running.set(id, state)
    void run
      .catch((error: unknown) => hub.log.error({ importId: id, error: nameOf(error) }, 'An import failed'))
      .finally(() => running.delete(id))
    return id
  }

  return {
    start,
    progressOf: (id) => running.get(id)?.progress ?? null,
    isRunning: (id) => running.has(id),
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/** The id of an import as soon as its row is there. Rejects as the import does when it fails before that. */
async function untilWritten(
  db: Db,
  source: string,
  startedAt: Date,
  run: Promise<{ id: string }>,
): Promise<string> {
  let isSettled = false
  const look = async (): Promise<string> => {
    for (;;) {
      const id = isSettled ? '' : await findImport(db, source, startedAt)
      if (id !== null) return id
      await new Promise((done) => setTimeout(done, lookMs))
    }
  }
  return Promise.race([run.then((report) => report.id), look()]).finally(() => {
    isSettled = true
  })
}

/** The clock, whose first answer is an instant that is known: the import's row carries it. */
function startingAt(clock: ApiContext['hub']['clock'], startedAt: Date): ApiContext['hub']['clock'] {
  let isFirst = true
  return {
    ...clock,
    now: () => {
      const now = isFirst ? startedAt : clock.now()
      isFirst = false
      return now
    },
  }
}

/** A path below a folder, links followed. @throws InputError when it leads out of it or nowhere. */
async function resolveInside(folder: string, path: string, field: string): Promise<string> {
  const root = await realpath(folder)
  const outside = new InputError(`There is no "${path}" in the import folder.`, field)
  const found = await realpath(resolve(root, path)).catch(() => {
    throw outside
  })
  const inside = relative(root, found)
  if (inside.startsWith('..') || isAbsolute(inside)) throw outside
  return found
}
