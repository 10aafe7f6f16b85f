import type { Context, MiddlewareHandler } from 'hono'
import { refuse } from './errors.ts'
import { type Arrival, type Reach, readArrival } from './visitor.ts'

/** Whether a name is this machine's own: nobody else can make a browser send it. */
export function isLoopbackHost(host: string): boolean {
  const url = URL.parse(`http://${host}`)
  if (!url || url.host !== host.toLowerCase().replace(/:80$/, '')) return false
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname)
}

/**
 * Who may knock at all, before anybody is asked who they are:
 * - the Host must be a loopback name or one of the hub's own, which defeats DNS rebinding;
 * - a page of another origin may neither write nor read, which its browser says in Origin and Sec-Fetch-Site;
 * - a proxy must be one that was named, or everybody behind it would look like one caller.
 * Webhooks are excepted: they come from outside through a tunnel or proxy, and are verified by signature.
 */
export const guard =
  (reach: Reach): MiddlewareHandler =>
  async (c, next) => {
    const arrival = readArrival(c, reach)
    c.set('visitor', arrival)
    if (c.req.path.startsWith('/webhooks/')) return next()
    const reason = whyNot(c, arrival, reach)
    if (reason) return refuse(c, { status: 403, code: 'forbidden', message: reason })
    return next()
  }

function whyNot(c: Context, { host, isThroughStranger }: Arrival, { publicUrls }: Reach): string | null {
  if (!isLoopbackHost(host) && !publicUrls.some((url) => url.host === host.toLowerCase()))
    return 'The hub does not answer to this name. Call it as 127.0.0.1 or localhost, or set ENTREPOT_URL to the address that people use.'
  if (isThroughStranger)
    return 'The request came through a proxy that the hub does not know. Set ENTREPOT_PROXIES to the address of the proxy.'
  const origin = c.req.header('origin')
  const isOwn =
    origin === undefined ||
    URL.parse(origin)?.host === host.toLowerCase() ||
    publicUrls.some((url) => url.origin === origin)
  if (!isOwn) return 'A page of another origin may not call the API.'
  const site = c.req.header('sec-fetch-site')
  if (site === undefined || site === 'same-origin' || site === 'none' || isNavigation(c)) return null
  return 'A page of another site may not call the API.'
}

/** Following a link from elsewhere shows a page in its own tab and changes nothing. */
const isNavigation = (c: Context): boolean =>
  c.req.method === 'GET' &&
  c.req.header('sec-fetch-mode') === 'navigate' &&
  c.req.header('sec-fetch-dest') === 'document'
