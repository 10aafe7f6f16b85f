import type { PluginContext, PluginDefinition } from 'entrepot/sdk'
import { Hono } from 'hono'
import * as contracts from './contracts/parts.ts'
import { contractTable } from './contracts/store-contracts.ts'
import * as invoices from './invoices/parts.ts'
import { invoiceTables } from './invoices/tables.ts'
import * as rules from './rules/parts.ts'
import { rulesTable } from './rules/store-rules.ts'
import { claimTable } from './scorecard/claims.ts'
import * as scorecard from './scorecard/parts.ts'

/** Shipping rules, carrier invoices, true costs, the scorecard and contracts: what the plugin spreads into its own. */
export const parts = {
  tables: [
    { id: '0010-rules', statements: rulesTable },
    { id: '0011-contracts', statements: contractTable },
    { id: '0012-invoices', statements: invoiceTables },
    { id: '0013-claims', statements: claimTable },
  ],
  commands: [...rules.commands, ...invoices.commands, ...scorecard.commands, ...contracts.commands],
  routes: (context: PluginContext) =>
    new Hono()
      .route('/', rules.routes(context))
      .route('/', invoices.routes(context))
      .route('/', scorecard.routes(context))
      .route('/', contracts.routes(context)),
  jobs: [...invoices.jobs, ...contracts.jobs],
  on: {},
  choose: rules.choose,
} satisfies Pick<PluginDefinition, 'tables' | 'commands' | 'routes' | 'jobs' | 'on'> & {
  choose: NonNullable<NonNullable<PluginDefinition['shipping']>['choose']>
}
