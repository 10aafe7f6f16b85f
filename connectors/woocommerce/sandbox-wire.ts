import type { Context } from 'hono'

/** A WordPress error on its way out. `data` is what the shop puts there: an object, or for refunds a number. */
export class WpFailure extends Error {
  readonly status: number
  readonly code: string
  readonly data: unknown
  readonly extra: object

  constructor(status: number, code: string, message: string, data?: unknown, extra: object = {}) {
    super(message)
    this.status = status
    this.code = code
    this.data = data ?? { status }
    this.extra = extra
  }
  body(): object {
    return { code: this.code, message: this.message, data: this.data, ...this.extra }
  }
}

export type Complaint = { code: string; message: string; data: unknown }
/** "Invalid parameter(s): …" with its reasons by parameter. */
export function invalidParams(complaints: Readonly<Record<string, Complaint>>): WpFailure {
  const params = Object.fromEntries(Object.entries(complaints).map(([name, { message }]) => [name, message]))
  return new WpFailure(
    400,
    'rest_invalid_param',
    `Invalid parameter(s): ${Object.keys(complaints).join(', ')}`,
    { status: 400, params, details: complaints },
  )
}
export const notOfType = (param: string, type: string): Complaint => ({
  code: 'rest_invalid_type',
  message: `${param} is not of type ${type}.`,
  data: { param },
})
export function notInEnum(param: string, values: readonly string[]): Complaint {
  const list = `${values.slice(0, -1).join(', ')}, and ${values.at(-1)}`
  return { code: 'rest_not_in_enum', message: `${param} is not one of ${list}.`, data: null }
}
export const invalidDate = (): Complaint => ({
  code: 'rest_invalid_date',
  message: 'Invalid date.',
  data: null,
})

/** What the shop says for a route or method it does not know. */
export const noRoute = (): WpFailure =>
  new WpFailure(404, 'rest_no_route', 'No route was found matching the URL and request method.')

export type Body = Record<string, unknown>
/** The JSON body. With another content type WordPress ignores the body, and the request goes on without it. */
export async function readBody(c: Context): Promise<Body> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) return {}
  const text = await c.req.text()
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Body) : {}
  } catch {
    throw new WpFailure(400, 'rest_invalid_json', 'Invalid JSON body passed.', {
      status: 400,
      json_error_code: 4,
      json_error_message: 'Syntax error',
    })
  }
}

/** A list in the query: `include=1,2` or `include[]=1&include[]=2`. */
export function readList(c: Context, name: string): string[] | null {
  const url = new URL(c.req.url)
  const many = url.searchParams.getAll(`${name}[]`)
  if (many.length > 0) return many
  const one = url.searchParams.get(name)
  return one === null || one === '' ? null : one.split(',').map((part) => part.trim())
}

export type Paging = { perPage: number; offset: number; page: number }
export function readPaging(c: Context): Paging {
  const complaints: Record<string, Complaint> = {}
  const read = (name: string, fallback: number, check: (value: number) => string | null) => {
    const text = c.req.query(name)
    if (text === undefined) return fallback
    if (!/^-?\d+$/.test(text)) complaints[name] = notOfType(name, 'integer')
    const refusal = check(Number(text))
    if (refusal && !complaints[name])
      complaints[name] = { code: 'rest_out_of_bounds', message: refusal, data: null }
    return Number(text)
  }
  const perPage = read('per_page', 10, (value) =>
    value < 1 || value > 100 ? 'per_page must be between 1 (inclusive) and 100 (inclusive)' : null,
  )
  const page = read('page', 1, (value) => (value < 1 ? 'page must be greater than or equal to 1' : null))
  const offset = read('offset', 0, () => null)
  if (Object.keys(complaints).length > 0) throw invalidParams(complaints)
  return { perPage, page, offset: offset || (page - 1) * perPage }
}

/**
 * Answers a list with its totals and links. Orders past the end say that there is nothing at all; products
 * keep the true totals.
 */
export function sendList(
  c: Context,
  rows: readonly object[],
  total: number,
  { perPage, page }: Paging,
  forgetsTotals: boolean,
): Response {
  const shown = forgetsTotals && rows.length === 0 ? 0 : total
  const pages = Math.ceil(shown / perPage)
  c.header('x-wp-total', String(shown))
  c.header('x-wp-totalpages', String(pages))
  const link = (number: number, rel: string) => {
    const url = new URL(c.req.url)
    for (const name of [...url.searchParams.keys()])
      if (name.startsWith('oauth_')) url.searchParams.delete(name)
    url.searchParams.set('page', String(number))
    return `<${url}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, pages), 'prev')] : []),
    ...(page < pages ? [link(page + 1, 'next')] : []),
  ]
  if (links.length > 0) c.header('link', links.join(', '))
  return sendJson(c, rows, 200)
}

/**
 * Sends a body, with only the top-level fields asked for by `_fields`; a refusal is sent whole.
 * @see https://developer.wordpress.org/reference/functions/rest_filter_response_fields/
 */
export function sendJson(c: Context, body: object, status: number): Response {
  const fields = status < 400 ? readList(c, '_fields') : null
  const pick = (row: object) =>
    fields ? Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name))) : row
  const text = JSON.stringify(Array.isArray(body) ? body.map(pick) : pick(body))
  return c.body(text, status as 200, { 'content-type': 'application/json; charset=UTF-8' })
}

export type ShopTime = {
  /** "2026-11-24T05:17:32" by the shop's clock on the wall. */
  local(at: Date): string
  /** The same for UTC, without a Z. */
  gmt(at: Date): string
  /** Reads `modified_after` the way WooCommerce does, in epoch milliseconds, or null when it is no date. */
  readFilter(text: string, isGmtFlagged: boolean, resource: 'orders' | 'products'): number | null
}

/** Time as a shop in that zone writes and reads it. */
export function createShopTime(timeZone: string): ShopTime {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const offsets = new Map<number, number>()
  const quarter = 900_000
  const offsetAt = (ms: number): number => {
    const slot = Math.floor(ms / quarter)
    let offset = offsets.get(slot)
    if (offset === undefined) {
      const start = slot * quarter
      offset = Date.parse(`${format.format(start).replace(' ', 'T')}Z`) - start
      offsets.set(slot, offset)
    }
    return offset
  }
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 19)
  return {
    local: (at) => iso(at.getTime() + offsetAt(at.getTime())),
    gmt: (at) => iso(at.getTime()),
    readFilter(text, isGmtFlagged, resource) {
      const match = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text)
      if (!match) return null
      const [whole, fraction = '', zone = ''] = match
      const wall = Date.parse(`${whole.slice(0, 19).replace(' ', 'T')}Z`)
      const instant = Date.parse(whole.replace(' ', 'T').replace(fraction, ''))
      // The zone is applied, and then the result is taken for local time although the flag says GMT.
      if (isGmtFlagged) return zone ? instant + offsetAt(instant) : wall
      const isReadAsLocal = zone === '' || (fraction !== '' && resource === 'orders')
      return isReadAsLocal ? wall - offsetAt(wall) : instant
    },
  }
}
