import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'

const dist = fileURLToPath(new URL('../../admin-ui/dist/', import.meta.url))
const swagger = fileURLToPath(new URL('../../node_modules/swagger-ui-dist/', import.meta.url))

/** What the security headers of this answer let styles pass with. */
const nonceOf = (c: Context): string =>
  (c as Context<{ Variables: { secureHeadersNonce: string } }>).get('secureHeadersNonce')

/** The name of a built file contains a fingerprint of its content: it never changes. */
const forever = 'public, max-age=31536000, immutable'

const notBuilt =
  '<!doctype html><title>Entrepot</title><p>The admin UI is not built. Run <code>npm run build</code>, then load this page again. The API works without it.'

/** The page of the admin UI for every address that no route answers, and the files it loads. */
export function uiRoutes(): Hono {
  const app = new Hono()
  app.use(
    '/assets/*',
    serveStatic({
      root: dist,
      precompressed: true,
      onFound: (_path, c) => c.header('cache-control', forever),
    }),
  )
  app.get('/icon.svg', serveStatic({ root: dist }))
  app.get('*', async (c, next) => {
    if (!isPage(c.req.path) || !c.req.header('accept')?.includes('text/html')) return next()
    const page = `${dist}index.html`
    c.header('cache-control', 'no-store')
    if (!existsSync(page)) return c.html(notBuilt, 503)
    return c.html(readFileSync(page, 'utf8').replaceAll('__CSP_NONCE__', nonceOf(c)))
  })
  return app
}

/** Addresses of machines keep their plain refusals. */
const isPage = (path: string) =>
  !/^\/(api|webhooks|plugins|assets|healthz|readyz|metrics|openapi\.json)(\/|$)/.test(path)

const docsPage = (nonce: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Entrepot API</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <style nonce="${nonce}">body { margin: 0 }</style>
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>`

const docsStart = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, docExpansion: 'none', filter: true, validatorUrl: null })`

/** The API reference at /docs, drawn from the OpenAPI document; calls can be tried from it as whoever is signed in. */
export function docsRoutes(): Hono {
  const app = new Hono()
  app.get('/docs', (c) => c.html(docsPage(nonceOf(c))))
  app.get('/docs/start.js', (c) => c.body(docsStart, 200, { 'content-type': 'text/javascript' }))
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    app.get(`/docs/${file}`, serveStatic({ root: swagger, rewriteRequestPath: () => `/${file}` }))
  return app
}
