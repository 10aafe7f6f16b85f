import type { MiddlewareHandler, NotFoundHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import packageJson from '../../package.json' with { type: 'json' }
import { type ApiHub, type ApiOptions, createContext } from './context.ts'
import { answerErrors, createRouter, refuse } from './errors.ts'
import { guard } from './guard.ts'
import { allocationRoutes } from './routes/allocations.ts'
import { auditRoutes } from './routes/audit.ts'
import { bundleRoutes } from './routes/bundles.ts'
import { connectionRoutes } from './routes/connections.ts'
import { connectorRoutes } from './routes/connectors.ts'
import { couponRoutes } from './routes/coupons.ts'
import { explainRoutes } from './routes/explain.ts'
import { healthRoutes } from './routes/health.ts'
import { importRoutes } from './routes/imports.ts'
import { listingRoutes } from './routes/listings.ts'
import { mappingRoutes } from './routes/mappings.ts'
import { orderRoutes } from './routes/orders.ts'
import { pluginResources, pluginRoutes } from './routes/plugins.ts'
import { priceRuleRoutes } from './routes/price-rules.ts'
import { priceRoutes } from './routes/prices.ts'
import { problemRoutes } from './routes/problems.ts'
import { productRoutes } from './routes/products.ts'
import { proposalRoutes } from './routes/proposals.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { shipmentRoutes } from './routes/shipments.ts'
import { shippingRoutes } from './routes/shipping.ts'
import { stockRoutes } from './routes/stock.ts'
import { syncRoutes } from './routes/sync.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { docsRoutes, uiRoutes } from './ui.ts'

const megabyte = 1024 * 1024

const limitBody = (megabytes: number): MiddlewareHandler =>
  bodyLimit({
    maxSize: megabytes * megabyte,
    onError: (c) =>
      refuse(c, {
        status: 413,
        code: 'too_large',
        message: `The body is larger than ${megabytes} MB. Send it in parts.`,
      }),
  })

const answerNothing: NotFoundHandler = (c) =>
  refuse(c, { status: 404, code: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` })

const neverStored: MiddlewareHandler = async (c, next) => {
  await next()
  c.header('cache-control', 'no-store')
}

/** What a worker without the API answers: whether it lives, and its own figures. */
export function createHealthApi(hub: ApiHub) {
  const app = createRouter()
  app.use(requestId(), secureHeaders(), guard)
  app.onError(answerErrors(hub.log))
  app.notFound(answerNothing)
  return app.route('/', healthRoutes(createContext(hub, {})))
}

/** The HTTP API of a hub. Resources stand below /api; health, metrics and webhooks where machines expect them. */
export function createApi(hub: ApiHub, options: ApiOptions = {}) {
  const context = createContext(hub, options)
  const app = createRouter()
  app.use(requestId(), secureHeaders(), guard)
  app.use('/api/*', neverStored, limitBody(10))
  app.use('/plugins/*', neverStored, limitBody(10))
  app.use('/webhooks/*', limitBody(5))
  app.onError(answerErrors(hub.log))
  app.notFound(answerNothing)
  const routes = app
    .route('/', healthRoutes(context))
    .route('/', webhookRoutes(context))
    .route('/api', connectorRoutes(context))
    .route('/api', connectionRoutes(context))
    .route('/api', scheduleRoutes(context))
    .route('/api', syncRoutes(context))
    .route('/api', mappingRoutes(context))
    .route('/api', productRoutes(context))
    .route('/api', priceRoutes(context))
    .route('/api', priceRuleRoutes(context))
    .route('/api', couponRoutes(context))
    .route('/api', stockRoutes(context))
    .route('/api', allocationRoutes(context))
    .route('/api', bundleRoutes(context))
    .route('/api', listingRoutes(context))
    .route('/api', explainRoutes(context))
    .route('/api', orderRoutes(context))
    .route('/api', shipmentRoutes(context))
    .route('/api', shippingRoutes(context))
    .route('/api', problemRoutes(context))
    .route('/api', proposalRoutes(context))
    .route('/api', pluginResources(context))
    .route('/api', importRoutes(context))
    .route('/api', auditRoutes(context))
  for (const plugin of hub.plugins) app.route(`/plugins/${plugin.id}`, pluginRoutes(context, plugin))
  routes.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Entrepot',
      version: packageJson.version,
      description: packageJson.description,
      license: { name: packageJson.license },
    },
  })
  app.route('/', docsRoutes())
  app.route('/', uiRoutes())
  return routes
}

/** The routes with their types, for Hono's client. */
export type Api = ReturnType<typeof createApi>
