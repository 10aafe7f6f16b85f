import type { Severity } from '../problems/kinds.ts'
import type { ConnectionState } from './connections.ts'

/** A list of the hub with what narrows it to the rows behind a number. */
export type RowsBehind = { path: string; query: Record<string, string> }

/** What is to be done first; `code` and `values` let another language say it. */
export type Verdict = {
  state: 'in_step' | 'working' | 'attention' | 'stopped'
  code:
    | 'no_connections'
    | 'connection_paused'
    | 'orders_overdue'
    | 'problem_stops'
    | 'problem_costs'
    | 'orders_stale'
    | 'jobs_dead'
    | 'push_late'
    | 'proposals_wait'
    | 'problem_holds'
    | 'working'
    | 'in_step'
  values: Record<string, string | number>
  message: string
  list: RowsBehind | null
}

export type VerdictFacts = {
  now: Date
  connections: readonly ConnectionState[]
  overdueOrders: number
  problems: Record<Severity, number>
  proposals: number
  deadJobs: number
}

/** A change that waits longer than this is late. */
const lateMs = 15 * 60_000
/** Orders that were not read for longer than this are stale. */
const staleMs = 30 * 60_000

type Check = (facts: VerdictFacts) => Verdict | null

/** In the order in which a person should take them up; the first that holds is the verdict. */
const checks: readonly Check[] = [
  ({ connections }) =>
    connections.length > 0
      ? null
      : say(
          'attention',
          'no_connections',
          {},
          'No connection yet. Add the first one.',
          rowsOf('/api/connections'),
        ),
  ({ connections }) => {
    const paused = connections.filter((one) => one.status === 'paused')
    const [first] = paused
    if (!first) return null
    const values = { count: paused.length, name: first.name, reason: first.pausedReason ?? '' }
    return say(
      'stopped',
      'connection_paused',
      values,
      `${first.name} is paused: ${first.pausedReason ?? 'no reason given'}. Correct it and resume it.`,
      rowsOf('/api/connections'),
    )
  },
  ({ problems }) =>
    atLeastOne(problems.critical, (count) =>
      say(
        'stopped',
        'problem_stops',
        { count },
        `${count} problems stop a whole connection.`,
        rowsOf('/api/problems'),
      ),
    ),
  ({ overdueOrders, now }) =>
    atLeastOne(overdueOrders, (count) =>
      say(
        'attention',
        'orders_overdue',
        { count },
        `${count} orders are overdue. Ship them first.`,
        rowsOf('/api/orders', { dueBefore: now.toISOString() }),
      ),
    ),
  ({ problems }) =>
    atLeastOne(problems.high, (count) =>
      say(
        'attention',
        'problem_costs',
        { count },
        `${count} problems put an order, a buyer or money at stake.`,
        rowsOf('/api/problems'),
      ),
    ),
  ({ connections, now }) => {
    const stale = connections.find(
      (one) =>
        one.status !== 'paused' &&
        one.ordersReadAt !== null &&
        now.getTime() - one.ordersReadAt.getTime() > staleMs,
    )
    if (!stale) return null
    const minutes = Math.floor((now.getTime() - stale.ordersReadAt!.getTime()) / 60_000)
    return say(
      'attention',
      'orders_stale',
      { name: stale.name, minutes },
      `Orders of ${stale.name} were last read ${minutes} minutes ago. See whether its runs fail, and whether a worker is running.`,
      rowsOf('/api/runs', { connectionId: stale.id, task: 'orders' }),
    )
  },
  ({ deadJobs }) =>
    atLeastOne(deadJobs, (count) =>
      say(
        'attention',
        'jobs_dead',
        { count },
        `${count} jobs failed for good. Look why, then run them again.`,
        rowsOf('/api/jobs', { queue: 'dead' }),
      ),
    ),
  ({ connections, now }) => {
    const late = connections
      .flatMap((one) =>
        one.status === 'active'
          ? one.aspects.map((aspect) => ({ ...aspect, name: one.name, id: one.id }))
          : [],
      )
      .find((one) => one.oldestDirtySince !== null && now.getTime() - one.oldestDirtySince.getTime() > lateMs)
    if (!late) return null
    const values = { name: late.name, aspect: late.aspect, count: late.dirty }
    return say(
      'attention',
      'push_late',
      values,
      `${late.dirty} listings of ${late.name} have waited for their ${late.aspect} for more than a quarter of an hour.`,
      rowsOf('/api/listings', { connectionId: late.id, dirty: late.aspect }),
    )
  },
  ({ proposals }) =>
    atLeastOne(proposals, (count) =>
      say(
        'attention',
        'proposals_wait',
        { count },
        `${count} changes wait for approval.`,
        rowsOf('/api/proposals', { status: 'open' }),
      ),
    ),
  ({ problems }) =>
    atLeastOne(problems.normal, (count) =>
      say(
        'attention',
        'problem_holds',
        { count },
        `${count} problems hold up single items.`,
        rowsOf('/api/problems'),
      ),
    ),
  ({ connections }) => {
    const dirty = connections
      .flatMap((one) => one.aspects)
      .reduce((sum, { dirty: waiting }) => sum + waiting, 0)
    if (dirty === 0) return null
    return say(
      'working',
      'working',
      { count: dirty },
      `${dirty} changes are on their way to the marketplaces.`,
      rowsOf('/api/listings', { dirty: 'any' }),
    )
  },
]

/** Whether all is in step and, if not, the first thing to do. */
export function judge(facts: VerdictFacts): Verdict {
  for (const check of checks) {
    const found = check(facts)
    if (found) return found
  }
  return say('in_step', 'in_step', {}, 'Every marketplace shows what it should.', null)
}

const say = (
  state: Verdict['state'],
  code: Verdict['code'],
  values: Verdict['values'],
  message: string,
  list: RowsBehind | null,
): Verdict => ({ state, code, values, message, list })

const rowsOf = (path: string, query: Record<string, string> = {}): RowsBehind => ({ path, query })

const atLeastOne = (count: number, found: (count: number) => Verdict): Verdict | null =>
  count > 0 ? found(count) : null
