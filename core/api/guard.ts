import type { Context, MiddlewareHandler } from 'hono'
import { refuse } from './errors.ts'

/** Headers that a proxy or tunnel adds: the request does not come from this machine, whatever its Host says. */
const forwardedHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'cf-connecting-ip']

/** Whether a name is this machine's own: nobody else can make a browser send it. */
export function isLoopbackHost(host: string): boolean {
  const url = URL.parse(`http://${host}`)
  if (!url || url.host !== host.toLowerCase().replace(/:80$/, '')) return false
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname)
}

/**
 * Until there is login, whoever reaches the API may do everything, so only this machine may:
 * - the Host must be a loopback name, which defeats DNS rebinding;
 * - a page of another origin may neither write nor read, which its browser says in Origin and Sec-Fetch-Site;
 * - nothing that came through a proxy is answered.
 * Webhooks are excepted: they come from outside through a tunnel or proxy, and are verified by signature. Let
 * the tunnel pass on `/webhooks/` alone.
 */
export const guard: MiddlewareHandler = async (c, next) => {
  if (c.req.path.startsWith('/webhooks/')) return next()
  const reason = whyNot(c)
  if (reason) return refuse(c, { status: 403, code: 'forbidden', message: reason })
  return next()
}

function whyNot(c: Context): string | null {
  const host = c.req.header('host') ?? new URL(c.req.url).host
  if (!isLoopbackHost(host))
    return 'The API answers this machine only until there is login: call it as 127.0.0.1 or localhost.'
  if (forwardedHeaders.some((name) => c.req.header(name) !== undefined))
    return 'The API answers no proxy until there is login. Only /webhooks/ may be passed on.'
  const origin = c.req.header('origin')
  if (origin !== undefined && URL.parse(origin)?.host !== host.toLowerCase())
    return 'A page of another origin may not call the API.'
  const site = c.req.header('sec-fetch-site')
  if (site === undefined || site === 'same-origin' || site === 'none' || isNavigation(c)) return null
  return 'A page of another site may not call the API.'
}

/** Following a link from elsewhere shows a page in its own tab and changes nothing. */
const isNavigation = (c: Context): boolean =>
  c.req.method === 'GET' &&
  c.req.header('sec-fetch-mode') === 'navigate' &&
  c.req.header('sec-fetch-dest') === 'document'
