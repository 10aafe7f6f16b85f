import { z } from '@hono/zod-openapi'
import type { DbOrTx } from '../../db/client.ts'
import type { Work } from '../../work/action.ts'
import { findUndo, hasUndo, workStates } from '../../work/read.ts'
import { answer, instant, refusals } from '../shapes.ts'

/** Long work as lists show it. */
export const workSummary = z
  .object({
    id: z.string().openapi({ example: 'wrk_01k5' }),
    kind: z.string().openapi({ example: 'resolve_problems' }),
    title: z.string().openapi({ example: 'Resolve 12 problems' }),
    state: z.enum(workStates),
    total: z.number().openapi({ description: 'Items, or bytes of a file.' }),
    done: z.number(),
    failed: z.number().openapi({ description: 'Of those done, how many could not be.' }),
    actor: z.string(),
    error: z.string().nullable().openapi({ description: 'Why it failed as a whole.' }),
    undoes: z.string().nullable().openapi({ description: 'The work that this one takes back.' }),
    createdAt: instant,
    startedAt: instant.nullable(),
    changedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    cancelledBy: z.string().nullable(),
  })
  .openapi('WorkSummary')

/** Long work with all that is known of it. */
export const workSchema = workSummary
  .extend({
    result: z
      .unknown()
      .openapi({ description: 'What it found: of an import its counts, of a preview its rows.' }),
    canBeUndone: z.boolean(),
    undoneBy: z.string().nullable().openapi({ description: 'The work that takes this one back.' }),
  })
  .openapi('Work')

const isOver = ({ state }: Work) => state !== 'waiting' && state !== 'running'

/** Work as the API shows it. `undoable` says which kinds can be taken back at all. */
export async function showWork(db: DbOrTx, work: Work, undoable: (kind: string) => boolean) {
  const { parameters: _parameters, cursor: _cursor, attempts: _attempts, ...shown } = work
  const canBeUndone =
    isOver(work) && work.undoes === null && undoable(work.kind) && (await hasUndo(db, work.id))
  return { ...shown, result: work.result ?? null, canBeUndone, undoneBy: await findUndo(db, work.id) }
}

/** The answers of a route that starts long work. */
export const startsWork = {
  202: answer(workSchema, 'It goes on by itself; follow it with `GET /api/work/{id}`.'),
  ...refusals(400, 404, 409),
}
