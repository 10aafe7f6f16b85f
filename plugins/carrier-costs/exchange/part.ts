import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { sql } from 'drizzle-orm'
import { actorOf, InputError, type PluginContext, readBody } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { type CostPart, query } from '../part.ts'
import { type RatesReport, readRatesFile, saveRates } from './import-rates.ts'
import type { RateRow } from './rates.ts'

/** Exchange rates: their table, and how they come in. */
export const exchangePart: CostPart = {
  tables: [
    {
      id: '0002-exchange-rates',
      statements: `
        create table carrier_costs_exchange_rates (
          day date not null,
          base text not null,
          quote text not null,
          rate numeric not null,
          primary key (day, base, quote),
          constraint carrier_costs_exchange_rates_positive check (rate > 0 and base <> quote));
        create index carrier_costs_exchange_rates_pair on carrier_costs_exchange_rates (base, quote, day desc)`,
    },
  ],
  commands: [
    {
      name: 'rates',
      description: 'exchange rates: the newest of each pair, or import <file> of date,base,quote,rate',
      args: [
        { name: 'action', description: 'import', isOptional: true },
        { name: 'file', description: 'a CSV file', isOptional: true },
      ],
      run: async ({ args: [action, file], actor }, context) => {
        if (action === undefined) return readNewest(context)
        if (action !== 'import' || !file)
          throw new InputError(
            `"${action}" is nothing to do with rates. Write: rates import <file>.`,
            'action',
          )
        const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
          throw new InputError(`"${file}" cannot be read (${error.code}).`, 'file')
        })
        return [await importRates(context, { name: basename(file), text }, actor)]
      },
    },
  ],
  routes: (context) =>
    new Hono()
      .get('/rates', async (c) => c.json({ rates: await readNewest(context) }))
      .post('/rates', async (c) => {
        const { csv } = await readBody(c, z.object({ csv: z.string().min(1) }))
        return c.json(await importRates(context, { name: 'csv', text: csv }, actorOf(c)))
      }),
}

async function importRates(
  { db, services }: PluginContext,
  file: { name: string; text: string },
  actor: string,
): Promise<RatesReport> {
  const report = await saveRates(db, readRatesFile(file.name, file.text))
  if (report.added + report.changed > 0)
    await services.audit({ actor, action: 'carrier-costs.rates-imported', subject: file.name, after: report })
  return report
}

const readNewest = ({ db }: PluginContext): Promise<RateRow[]> =>
  query(
    db,
    sql`select distinct on (base, quote) day::text, base, quote, rate::text from carrier_costs_exchange_rates
    order by base, quote, carrier_costs_exchange_rates.day desc`,
  )
