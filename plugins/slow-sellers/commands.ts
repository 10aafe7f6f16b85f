import { formatMoney, InputError, type PluginCommand } from 'entrepot/sdk'
import { readSalesPeriod, runBacktest } from './backtest.ts'
import type { Context } from './context.ts'
import { dayOf, readDay } from './days.ts'
import { detectPromotions } from './detect-promotions.ts'
import { sayReasons } from './explain.ts'
import { analyse, countVerdicts, type Finding, listFindings } from './findings.ts'
import { importSnapshots, readPriceSeries } from './import-snapshots.ts'
import { measureEffect, measureFreed } from './measure.ts'
import { proposeSteps } from './propose.ts'
import { refresh } from './refresh.ts'
import { readFindingQuery } from './routes.ts'
import type { Settings } from './settings.ts'

const noData = 'no data'
const money = (minor: number | null, currency: string | null): string =>
  minor === null || currency === null ? noData : formatMoney({ minor, currency })
const whole = (value: number | null): string | number => (value === null ? noData : Math.round(value))

const toRow = (found: Finding) => ({
  sku: found.sku,
  verdict: found.verdict,
  units: found.units ?? noData,
  'in stock': whole(found.daysInStock),
  'on hand': found.onHand ?? noData,
  cover: whole(found.coverDays),
  age: whole(found.stockAgeDays),
  margin: found.marginPercent === null ? noData : `${found.marginPercent.toFixed(1)} %`,
  binds: money(found.boundMinor, found.currency),
  why: sayReasons(found.reasons),
})

/** A connection by its id or its name. @throws InputError */
async function findConnection({ services }: Pick<Context, 'services'>, name: string): Promise<string> {
  const found = (await services.listConnections()).find((row) => row.id === name || row.name === name)
  if (!found) throw new InputError(`There is no connection "${name}".`, 'connection')
  return found.id
}

export const commands: readonly PluginCommand<Settings>[] = [
  {
    name: 'analyse',
    description: 'read goods, sales and stock anew and judge every live listing',
    options: [{ name: 'from', description: 'the first day of sales to read again, such as 2025-01-01' }],
    run: async ({ options }, context) => {
      await refresh(context, options.from ? readDay(options.from, 'from') : undefined)
      await analyse(context)
      return countVerdicts(context.db)
    },
  },
  {
    name: 'list',
    description: 'show what was found, the most money first',
    options: [
      {
        name: 'verdict',
        description: 'slow, fine, unknown, new, out_of_stock or not_goods',
        default: 'slow',
      },
      { name: 'connection', description: 'the id of a connection' },
      { name: 'limit', description: 'how many', default: '50' },
    ],
    run: async ({ options }, { db }) =>
      (
        await listFindings(
          db,
          readFindingQuery({
            verdict: options.verdict,
            connection: options.connection,
            limit: options.limit,
          }),
        )
      ).map(toRow),
  },
  {
    name: 'propose',
    description: 'propose the next steps of the ladder, within the caps',
    run: async (_input, context) =>
      (await proposeSteps(context)).map(({ applied, proposalId, ...row }) => ({
        ...row,
        proposal: proposalId ?? 'none',
        state: proposalId === null ? 'held back only' : applied ? 'applied' : 'waits',
      })),
  },
  {
    name: 'effect',
    description: 'what the steps did against the control group, and what they freed',
    run: async (_input, { db, clock, settings }) => {
      const policy = await settings()
      const effects = await measureEffect(db, dayOf(clock.now(), policy.timeZone), policy)
      return { effects, freed: await measureFreed(db) }
    },
  },
  {
    name: 'backtest',
    description: "end what is slow at each past month's end, and show what it would have lost and freed",
    options: [
      { name: 'from', description: 'a day; the first of the sales if left out' },
      { name: 'to', description: 'a day; the last of the sales if left out' },
    ],
    run: async ({ options }, { db, settings, progress }) => {
      const known = await readSalesPeriod(db)
      if (!known) return 'No sales are known yet. Run "analyse" first.'
      const period = {
        from: options.from ? readDay(options.from, 'from') : known.from,
        to: options.to ? readDay(options.to, 'to') : known.to,
      }
      return (await runBacktest(db, await settings(), period, progress)).map((month) => ({
        on: month.on,
        live: month.live,
        ended: month.slow,
        'sold later': month.lostListings,
        'lost units': month.lostUnits,
        'lost revenue': month.slow === 0 ? 'none' : money(month.lostRevenueMinor, month.currency),
        'freed units': month.freedUnits,
        'freed money': month.slow === 0 ? 'none' : money(month.freedCapitalMinor, month.currency),
        'cost unknown': month.unknownCost,
      }))
    },
  },
  {
    name: 'import-snapshots',
    description: 'read daily sales counters of a marketplace: CSV with day, listing, sales and price',
    args: [
      { name: 'connection', description: 'its id or name' },
      { name: 'file', description: 'the CSV file' },
    ],
    run: async ({ args: [connection, file], actor }, context) => {
      const connectionId = await findConnection(context, connection!)
      const report = await importSnapshots(context, connectionId, file!)
      await context.services.audit({
        actor,
        action: 'slow-sellers.snapshots_imported',
        subject: connectionId,
        after: report,
      })
      return report
    },
  },
  {
    name: 'promotions',
    description: 'price round trips that the snapshots of a connection saw',
    args: [{ name: 'connection', description: 'its id or name' }],
    run: async ({ args: [connection] }, context) => {
      const series = await readPriceSeries(context.db, await findConnection(context, connection!))
      return [...series].flatMap(([sku, points]) =>
        detectPromotions(points).map((found) => ({ sku, ...found })),
      )
    },
  },
]
