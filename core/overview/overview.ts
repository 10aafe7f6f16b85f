import type { DbOrTx } from '../db/client.ts'
import { type Severity, severityOf } from '../problems/kinds.ts'
import { type ConnectionState, readConnectionStates } from './connections.ts'
import { readSales, readStockDays, type SalesDay, type StockDay } from './plots.ts'
import { judge, type RowsBehind, type Verdict } from './verdict.ts'
import {
  countOpenOrders,
  countOrdersToShip,
  countProblems,
  countProposals,
  type OrdersToShip,
  readDayEnds,
} from './work.ts'

/** A number with where it comes from and the rows behind it. */
export type Figure = { value: number; because: string; list: RowsBehind }

export type Overview = {
  at: Date
  verdict: Verdict
  connections: (ConnectionState & { lists: Record<string, RowsBehind> })[]
  orders: {
    toShip: Record<keyof OrdersToShip, Figure>
    byState: { status: string; figure: Figure }[]
  }
  problems: { kind: string; severity: Severity; since: Date; figure: Figure }[]
  proposals: { kind: string; since: Date; figure: Figure }[]
  sales: { because: string; days: SalesDay[] }
  stock: { because: string; days: StockDay[] }
}

/** The hub in one answer. `deadJobs` comes from the queues, which the overview does not know. */
export async function readOverview(
  db: DbOrTx,
  now: Date,
  { timeZone, deadJobs }: { timeZone: string; deadJobs: number },
): Promise<Overview> {
  const ends = await readDayEnds(db, now, timeZone)
  const [connections, toShip, byState, problems, proposals, sales, stock] = await Promise.all([
    readConnectionStates(db, now),
    countOrdersToShip(db, now, ends),
    countOpenOrders(db),
    countProblems(db),
    countProposals(db),
    readSales(db, ends.today, timeZone),
    readStockDays(db, now),
  ])
  const shown = problems.map(({ kind, count, oldest }) => ({
    kind,
    severity: severityOf(kind),
    since: new Date(oldest!),
    figure: figure(count, 'open problems of this kind', '/api/problems', { kind }),
  }))
  const weigh = (severity: Severity) =>
    shown.filter((one) => one.severity === severity).reduce((sum, one) => sum + one.figure.value, 0)
  return {
    at: now,
    verdict: judge({
      now,
      connections,
      overdueOrders: toShip.overdue,
      problems: {
        critical: weigh('critical'),
        high: weigh('high'),
        normal: weigh('normal'),
        notice: weigh('notice'),
      },
      proposals: proposals.reduce((sum, one) => sum + one.count, 0),
      deadJobs,
    }),
    connections: connections.map((one) => ({ ...one, lists: listsOf(one.id) })),
    orders: {
      toShip: figuresToShip(toShip, now, ends),
      byState: byState.map(({ status, count }) => ({
        status,
        figure: figure(count, 'orders in this state', '/api/orders', { status }),
      })),
    },
    problems: shown,
    proposals: proposals.map(({ kind, count, oldest }) => ({
      kind,
      since: new Date(oldest!),
      figure: figure(count, 'proposals of this kind that wait for a decision', '/api/proposals', {
        status: 'open',
        kind,
      }),
    })),
    sales: {
      because: `Orders by the day they were placed (${timeZone}), without those that are unpaid or cancelled: their totals as the marketplaces gave them.`,
      days: sales,
    },
    stock: {
      because:
        'Units on hand at the end of each day (UTC), and their value at the cost of their SKU. Days before the hub counted are worked back from the ledger of movements.',
      days: stock,
    },
  }
}

const figure = (value: number, because: string, path: string, query: Record<string, string>): Figure => ({
  value,
  because,
  list: { path, query },
})

function figuresToShip(
  count: OrdersToShip,
  now: Date,
  ends: { today: Date; tomorrow: Date },
): Record<keyof OrdersToShip, Figure> {
  const due = (value: number, because: string, query: Record<string, string>) =>
    figure(value, `orders that are paid or allocated and ${because}`, '/api/orders', {
      status: 'paid,allocated',
      ...query,
    })
  const [present, today, tomorrow] = [now, ends.today, ends.tomorrow].map((one) => one.toISOString()) as [
    string,
    string,
    string,
  ]
  return {
    overdue: due(count.overdue, 'were to be shipped by now', { dueBefore: present }),
    today: due(count.today, 'are to be shipped today', { dueFrom: present, dueBefore: today }),
    tomorrow: due(count.tomorrow, 'are to be shipped tomorrow', { dueFrom: today, dueBefore: tomorrow }),
    later: due(count.later, 'are to be shipped later', { dueFrom: tomorrow }),
    withoutDeadline: due(count.withoutDeadline, 'have no day to ship by', { due: 'none' }),
  }
}

const listsOf = (connectionId: string): Record<string, RowsBehind> => ({
  dirty: { path: '/api/listings', query: { connectionId, dirty: 'any' } },
  failures: { path: '/api/calls', query: { connectionId, failure: 'any' } },
  runs: { path: '/api/runs', query: { connectionId } },
  problems: { path: '/api/problems', query: { connectionId } },
})
