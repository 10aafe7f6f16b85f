import type { MiddlewareHandler, NotFoundHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { contextStorage } from 'hono/context-storage'
import { requestId } from 'hono/request-id'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import packageJson from '../../package.json' with { type: 'json' }
import { type ApiContext, type ApiHub, type ApiOptions, createContext } from './context.ts'
import { answerErrors, createRouter, refuse } from './errors.ts'
import { createGate } from './gate.ts'
import { guard } from './guard.ts'
import { accountRoutes } from './routes/account.ts'
import { allocationRoutes } from './routes/allocations.ts'
import { auditRoutes } from './routes/audit.ts'
import { bulkRoutes } from './routes/bulk.ts'
import { bundleRoutes } from './routes/bundles.ts'
import { capabilityRoutes } from './routes/capabilities.ts'
import { connectionRoutes } from './routes/connections.ts'
import { connectorRoutes } from './routes/connectors.ts'
import { couponRoutes } from './routes/coupons.ts'
import { explainRoutes } from './routes/explain.ts'
import { healthRoutes } from './routes/health.ts'
import { importRoutes, uploadPath } from './routes/imports.ts'
import { jobRoutes } from './routes/jobs.ts'
import { keyRoutes } from './routes/keys.ts'
import { listingRoutes } from './routes/listings.ts'
import { liveRoutes } from './routes/live.ts'
import { mappingBatchRoutes } from './routes/mapping-batches.ts'
import { mappingRoutes } from './routes/mappings.ts'
import { orderActionRoutes } from './routes/order-actions.ts'
import { orderRoutes } from './routes/orders.ts'
import { overviewRoutes } from './routes/overview.ts'
import { pluginResources, pluginRoutes } from './routes/plugins.ts'
import { priceRuleRoutes } from './routes/price-rules.ts'
import { priceRoutes } from './routes/prices.ts'
import { problemRoutes } from './routes/problems.ts'
import { productRoutes } from './routes/products.ts'
import { proposalRoutes } from './routes/proposals.ts'
import { publishingRoutes } from './routes/publishing.ts'
import { retryRoutes } from './routes/retries.ts'
import { returnRoutes } from './routes/returns.ts'
import { runRoutes } from './routes/runs.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingRoutes } from './routes/settings.ts'
import { shipmentRoutes } from './routes/shipments.ts'
import { shippingRoutes } from './routes/shipping.ts'
import { stockRoutes } from './routes/stock.ts'
import { stockLevelRoutes } from './routes/stock-levels.ts'
import { syncRoutes } from './routes/sync.ts'
import { userRoutes } from './routes/users.ts'
import { viewRoutes } from './routes/views.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { workRoutes } from './routes/work.ts'
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

/**
 * A page loads and runs the hub's own files alone. The library of the UI makes styles while it runs: they carry the
 * nonce of the answer. Pictures of goods come from wherever the marketplaces keep them.
 */
const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", NONCE],
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:', 'https:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
})

/** The router with what stands before every route: who may knock, and who may do what. */
function createDoor(context: ApiContext) {
  const app = createRouter()
  const gate = createGate(context.access)
  app.use(requestId(), contextStorage(), headers, guard(context.reach), gate.middleware)
  app.onError(answerErrors(context.hub.log))
  app.notFound(answerNothing)
  return { app, gate }
}

/** What a worker without the API answers: whether it lives, and its own figures. */
export function createHealthApi(hub: ApiHub, options: ApiOptions = {}) {
  const context = createContext(hub, options)
  const { app, gate } = createDoor(context)
  const routes = app.route('/', healthRoutes(context))
  gate.close(routes)
  return routes
}

/** The HTTP API of a hub. Resources stand below /api; health, metrics and webhooks where machines expect them. */
export function createApi(hub: ApiHub, options: ApiOptions = {}) {
  const context = createContext(hub, options)
  const { app, gate } = createDoor(context)
  app.use('/api/*', neverStored, except(uploadPath, limitBody(10)))
  app.use('/plugins/*', neverStored, limitBody(10))
  app.use('/webhooks/*', limitBody(5))
  const routes = app
    .route('/', healthRoutes(context))
    .route('/', webhookRoutes(context))
    .route('/api', sessionRoutes(context))
    .route(
      '/api',
      accountRoutes(context, () => app),
    )
    .route('/api', userRoutes(context))
    .route('/api', keyRoutes(context))
    .route('/api', settingRoutes(context))
    .route('/api', connectorRoutes(context))
    .route('/api', connectionRoutes(context))
    .route('/api', scheduleRoutes(context))
    .route('/api', syncRoutes(context))
    .route('/api', publishingRoutes(context))
    .route('/api', runRoutes(context))
    .route('/api', retryRoutes(context))
    .route('/api', capabilityRoutes(context))
    .route('/api', jobRoutes(context))
    .route('/api', overviewRoutes(context))
    .route('/api', liveRoutes(context))
    .route('/api', mappingRoutes(context))
    .route('/api', mappingBatchRoutes(context))
    .route('/api', productRoutes(context))
    .route('/api', priceRoutes(context))
    .route('/api', priceRuleRoutes(context))
    .route('/api', couponRoutes(context))
    .route('/api', stockRoutes(context))
    .route('/api', stockLevelRoutes(context))
    .route('/api', allocationRoutes(context))
    .route('/api', bundleRoutes(context))
    .route('/api', listingRoutes(context))
    .route('/api', explainRoutes(context))
    .route('/api', orderRoutes(context))
    .route('/api', orderActionRoutes(context))
    .route('/api', returnRoutes(context))
    .route('/api', shipmentRoutes(context))
    .route('/api', shippingRoutes(context))
    .route('/api', problemRoutes(context))
    .route('/api', proposalRoutes(context))
    .route('/api', pluginResources(context))
    .route('/api', importRoutes(context))
    .route('/api', workRoutes(context))
    .route('/api', bulkRoutes(context))
    .route('/api', auditRoutes(context))
    .route('/api', viewRoutes(context))
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
  gate.close(routes)
  app.route('/', docsRoutes())
  app.route('/', uiRoutes())
  return Object.assign(routes, { endStreams: () => context.live.close() })
}

/** The routes with their types, for Hono's client. */
export type Api = ReturnType<typeof createApi>
