import type { SQL } from 'drizzle-orm'
import type {
  HubEvent,
  HubEvents,
  PluginContext,
  PluginDb,
  PluginDefinition,
  ShippingChoice,
  ShippingQuestion,
} from 'entrepot/sdk'
import { Hono } from 'hono'

/** A duty of the plugin, as its folder exports it. Ids of tables are numbers over all parts: `0003-invoices`. */
export type CostPart = Pick<PluginDefinition, 'tables' | 'commands' | 'routes' | 'jobs' | 'on'> & {
  choose?(question: ShippingQuestion, context: PluginContext): Promise<ShippingChoice | null>
}

type Handlers = { [E in HubEvent]?: (event: HubEvents[E], context: PluginContext) => Promise<void> }

/** All parts as one plugin's pieces. An event goes to each part that listens to it, one after another. */
export function joinParts(parts: readonly CostPart[]) {
  const events = new Set(parts.flatMap(({ on }) => Object.keys(on ?? {}) as HubEvent[]))
  const on = Object.fromEntries(
    [...events].map((name) => [
      name,
      async (event: never, context: PluginContext) => {
        for (const part of parts) await (part.on?.[name] as Handlers[typeof name])?.(event, context)
      },
    ]),
  ) as Handlers
  return {
    on,
    tables: parts.flatMap(({ tables = [] }) => tables).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    commands: parts.flatMap(({ commands = [] }) => commands),
    jobs: parts.flatMap(({ jobs = [] }) => jobs),
    routes: (context: PluginContext) => {
      const app = new Hono()
      for (const { routes } of parts) if (routes) app.route('/', routes(context))
      return app
    },
  }
}

/** Runs a statement and returns its rows. Days, instants and exact decimals come as text. */
export async function query<Row>(db: Pick<PluginDb, 'execute'>, statement: SQL): Promise<Row[]> {
  return [...(await db.execute(statement))] as Row[]
}
