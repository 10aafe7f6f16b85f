import { redactText } from '../lib/log.ts'
import type { HttpBody } from '../sdk/http.ts'

/** What stands in the place of what nobody may read. */
const masked = '[masked]'
/** A body longer than this is not kept, only its size; one that failed is worth more. */
const mostBytes = { ok: 16_384, failed: 65_536 } as const
/** What is kept of a body, in characters. */
const mostLetters = 8_000
const mostElements = 50
const mostDepth = 20

/** Operations whose bodies are about goods: all others may carry people, and keep only what is known to be none. */
const aboutGoods = new Set([
  'pullListings',
  'createListing',
  'pushContent',
  'pushPrices',
  'pushStock',
  'endListing',
  'createCoupon',
  'endCoupon',
])

/** Fields by name, letters only: secrets, and what tells of a person. */
const secretNames =
  /password|passwd|secret|token|authorization|signature|apikey|consumerkey|credential|cookie|session|signkey|checkword|accesskey|msgdigest|^sign$|^pin$/
const personNames =
  /email|phone|mobile|telephone|firstname|lastname|fullname|surname|buyer|customer|recipient|consignee|receiver|shipto|contact|address|street|postcode|postalcode|zipcode|birth|passport|taxid|vat|iban|cardnumber|useragent|^ip$|^shipping$|^billing$|^username$|^nickname$|^remark$|^note$|^company$/
/** What is kept where people may be: codes, states, counts and instants, if they look like it. */
const safeNames =
  /^(id|parentid|orderid|status|state|type|kind|code|errorcode|field|sku|asin|quantity|qty|count|total|totals|page|pages|version|currency|currencycode|weight|unit|units|success|result|severity|task|aspect|event|plugin|pluginid|job|externalids|operation|reason|servicecode|service|marketplaceid)$|(at|date|gmt|time)$/
const safeValue = /^[\w.:+-]{0,40}$/
/** Ids of ours name rows, not people. */
const ownId = /^[a-z]{3}_[0-9a-z]{26}$/
/** Values of a query that say where a list goes on, and nothing about anybody. */
const safeQuery =
  /^(page|perpage|limit|offset|order|orderby|pagesize|marketplaceids|includeddata|fields|version|status|includetypes)$/

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '')

/** Path and query as they may be kept: the values of the query are masked but for paging. */
export function maskPath(url: URL, secrets: readonly string[]): string {
  const path = maskAddresses(redactText(url.pathname, secrets))
  const query = [...url.searchParams].map(
    ([name, value]) =>
      `${name}=${safeQuery.test(plain(name)) ? redactText(value, secrets).slice(0, 100) : masked}`,
  )
  return (query.length === 0 ? path : `${path}?${query.join('&')}`).slice(0, 1000)
}

const maskAddresses = (text: string): string => text.replace(/[\w.+-]+(@|%40)[\w-]+(\.[\w-]+)+/gi, masked)

export type MaskRules = {
  operation: string | null
  hasFailed: boolean
  secrets: readonly string[]
}

/** Whether a body is short enough to be kept at all; asked before it is held. */
export const isKept = (body: HttpBody, hasFailed: boolean): boolean =>
  body.bytes !== null && body.bytes.length <= mostBytes[hasFailed ? 'failed' : 'ok']

/**
 * A body as it may be kept: JSON and forms only, without secrets, and without anything that could tell of a person.
 * Null where nothing was said, or nothing may be kept.
 */
export function maskBody(body: HttpBody, rules: MaskRules): string | null {
  const { bytes, type } = body
  if (bytes === null || bytes.length === 0) return null
  if (!isKept(body, rules.hasFailed)) return `[${bytes.length} bytes, too long to keep]`
  const value = read(Buffer.from(bytes).toString('utf8'), type)
  if (value === undefined) return `[${type.split(';')[0] || 'unknown type'}, ${bytes.length} bytes]`
  const keepsUnknown = rules.operation !== null && aboutGoods.has(rules.operation)
  const text = JSON.stringify(maskValue(value, '', keepsUnknown, 0))
  const safe = maskAddresses(redactText(text, rules.secrets))
  return safe.length > mostLetters ? `${safe.slice(0, mostLetters)}… cut` : safe
}

/** A value of ours, such as the data of a job, without what could tell of a person. */
export const maskData = (value: unknown): unknown => maskValue(value, '', false, 0)

/** A text without mail addresses. */
export const maskText = (text: string): string => maskAddresses(text)

/** JSON or a form as a value; undefined for anything else. */
function read(text: string, type: string): unknown {
  if (type.includes('x-www-form-urlencoded'))
    return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, tryJson(value)]))
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The JSON inside a field of a form, or the text it is. */
function tryJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function maskValue(value: unknown, name: string, keepsUnknown: boolean, depth: number): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (depth > mostDepth) return masked
  if (Array.isArray(value)) {
    const shown = value.slice(0, mostElements).map((one) => maskValue(one, name, keepsUnknown, depth + 1))
    return value.length > mostElements ? [...shown, `… ${value.length - mostElements} more`] : shown
  }
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        isForbidden(key) ? masked : maskValue(inner, key, keepsUnknown, depth + 1),
      ]),
    )
  if (keepsUnknown || ownId.test(String(value))) return value
  return safeNames.test(plain(name)) && safeValue.test(String(value)) ? value : masked
}

function isForbidden(name: string): boolean {
  const letters = plain(name)
  return secretNames.test(letters) || personNames.test(letters)
}
