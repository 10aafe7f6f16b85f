import { reopenProblems, resolveProblems } from '../problems/problems.ts'
import { approveProposal, rejectProposal, reopenProposal, undoProposal } from '../proposals/proposals.ts'
import { ConflictError } from '../sdk/errors.ts'
import { type DoneItem, eachAlone, type ItemAction, type ItemOutcome, oneByOne } from '../work/action.ts'
import { decisionsOf } from './appliers.ts'
import { markEnding, takeBackEnding } from './end.ts'
import type { Hub } from './hub.ts'
import { percentPrices } from './price-percent.ts'
import { publishProducts } from './publish.ts'
import { retryProblem } from './retry.ts'

/** What is not among those that were done could not be. */
const outcomesOf = (items: readonly string[], done: ReadonlySet<string>, reason: string): ItemOutcome[] =>
  items.map((id) => (done.has(id) ? { ok: true, undo: true } : { ok: false, reason }))

const subjectsOf = (items: readonly DoneItem[]): string[] => items.map((item) => item.subject)

/** Bulk actions, each as what one step of it does and, where it can be, how it is taken back. */
export const bulkActions = (hub: Hub): ReadonlyMap<string, ItemAction> =>
  new Map<string, ItemAction>([
    [
      'resolve_problems',
      {
        role: 'operator',
        stepSize: 200,
        run: async ({ tx, act }, ids) =>
          outcomesOf(
            ids,
            await resolveProblems(tx, ids, act),
            'It is resolved already, gone, or waits for somebody to say whether it happened.',
          ),
        undo: async ({ tx, act }, items) =>
          outcomesOf(
            subjectsOf(items),
            await reopenProblems(tx, subjectsOf(items), act),
            'It is open again already.',
          ),
      },
    ],
    [
      'retry_problems',
      {
        role: 'operator',
        stepSize: 50,
        run: oneByOne(async ({ tx, act }, id: string) => {
          await retryProblem(hub, tx, id, act)
        }),
      },
    ],
    [
      'approve_proposals',
      {
        role: 'manager',
        stepSize: 10,
        run: eachAlone(async ({ tx, act }, id: string) => {
          const { undo } = await approveProposal(tx, decisionsOf(hub).apply, id, act)
          return undo === null ? undefined : true
        }),
        undo: oneByOne(async ({ tx, act }, { subject }: DoneItem) => {
          await undoProposal(tx, decisionsOf(hub).undo, subject, act)
        }),
      },
    ],
    [
      'reject_proposals',
      {
        role: 'manager',
        stepSize: 50,
        run: oneByOne(async ({ tx, act }, id: string) => {
          await rejectProposal(tx, id, act)
          return true
        }),
        undo: oneByOne(async ({ tx, act }, { subject }: DoneItem) => {
          if (!(await reopenProposal(tx, subject, act)))
            throw new ConflictError('It was proposed anew or decided again meanwhile.')
        }),
      },
    ],
    [
      'publish_products',
      {
        role: 'operator',
        stepSize: 200,
        run: async ({ tx, act, work }, ids) => {
          const { connectionId } = work.parameters as { connectionId: string }
          await publishProducts(tx, connectionId, ids, act)
          return ids.map(() => ({ ok: true }))
        },
      },
    ],
    [
      'end_listings',
      {
        role: 'manager',
        stepSize: 500,
        run: async ({ tx, act, work }, listingIds) => {
          const { connectionId, reason } = work.parameters as { connectionId: string; reason: string }
          await markEnding(tx, { connectionId, listingIds: [...listingIds], reason }, act)
          return listingIds.map(() => ({ ok: true, undo: true }))
        },
        undo: async ({ tx, act, work }, items) => {
          const { connectionId } = work.parameters as { connectionId: string }
          await takeBackEnding(tx, { connectionId, listingIds: subjectsOf(items) }, act)
          return items.map(() => ({ ok: true }))
        },
      },
    ],
    ['price_percent', percentPrices],
  ])
