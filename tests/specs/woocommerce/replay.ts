import type { Clock } from 'entrepot/sdk'
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import type { Recording } from './recordings.ts'

/** The keys that the recording shop had. */
const key = (letter: string) => ({
  consumerKey: `ck_${letter.repeat(40)}`,
  consumerSecret: `cs_${letter.repeat(40)}`,
})
export const fullKey = key('a')

export type Answer = { status: number; headers: Headers; body: unknown }
/** Ids of the recorded shop to ours. Lines have numbers of their own. */
type Ids = { posts: Map<number, number>; lines: Map<number, number>; hooks: Map<number, number> }

export type Replay = {
  sandbox: WooCommerceSandbox
  ids: Ids
  /** Sets the shop's clock. */
  moveTo(at: Date): void
  /** Sends the recorded request, with ids translated, at the recorded second. */
  send(recording: Recording): Promise<Answer>
  /** Sends something that was not recorded but happened, to bring the shop into the same state. */
  call(method: string, target: string, body?: unknown): Promise<Answer>
}

/** A shop like the recorded one: Shanghai time, EUR, four keys. */
export function startReplay(): Replay {
  let now = new Date('2026-11-23T21:16:00Z')
  const clock: Clock = { now: () => now, sleep: async () => {} }
  const sandbox = createWooCommerceSandbox({
    clock,
    random: () => 0.5,
    timeZone: 'Asia/Shanghai',
    rateScale: Infinity,
  })
  sandbox.addKey({ ...fullKey, permissions: 'read_write' })
  sandbox.addKey({ ...key('b'), permissions: 'read' })
  sandbox.addKey({ ...key('c'), permissions: 'write' })
  const ids: Ids = { posts: new Map(), lines: new Map(), hooks: new Map() }

  const call = async (
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string> = { 'X-Forwarded-Proto': 'https', Authorization: 'Basic <ck:cs>' },
  ): Promise<Answer> => {
    const basic = Buffer.from(`${fullKey.consumerKey}:${fullKey.consumerSecret}`).toString('base64')
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('<ck:cs>', basic)]),
    )
    const text =
      body === null || body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await sandbox.app.request(`http://127.0.0.1:8081/wp-json/wc/v3${target}`, {
      method,
      headers: { ...sent, ...(text === null ? {} : { 'content-type': 'application/json' }) },
      body: text,
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  return {
    sandbox,
    ids,
    call,
    moveTo(at) {
      now = at
    },
    async send(recording) {
      const target = translateTarget(recording.target, ids)
      const answer = await call(
        recording.method,
        target,
        translateBody(recording.body, ids),
        recording.headers,
      )
      learnIds(recording.answer, answer.body, ids, recording.target)
      return answer
    },
  }
}

function translateTarget(target: string, ids: Ids): string {
  return target.replace(/\/(products|variations|orders|refunds|webhooks)\/(\d+)/g, (_, name, id) => {
    const map = name === 'webhooks' ? ids.hooks : ids.posts
    return `/${name}/${map.get(Number(id)) ?? id}`
  })
}

function translateBody(value: unknown, ids: Ids, parent = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => translateBody(item, ids, parent))
  // A host that answers nothing, there as here.
  if (typeof value === 'string') return value.replaceAll('example.com', 'example.invalid')
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (typeof inner === 'number' && /^(id|product_id|variation_id)$/.test(name)) {
        const map = name === 'id' && parent === 'line_items' ? ids.lines : ids.posts
        return [name, map.get(inner) ?? inner]
      }
      return [name, translateBody(inner, ids, name)]
    }),
  )
}

/** Walks both answers side by side and notes which of our ids stands where theirs does. */
function learnIds(theirs: unknown, ours: unknown, ids: Ids, target: string, parent = ''): void {
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    // A list of everything is in another order; only a list that we asked for by write or id teaches.
    if (parent === '' && target.startsWith('/orders')) return
    for (const [index, item] of theirs.entries()) learnIds(item, ours[index], ids, target, parent)
    return
  }
  if (!isRecord(theirs) || !isRecord(ours)) return
  for (const [name, value] of Object.entries(theirs)) {
    if (name === 'id' && typeof value === 'number' && typeof ours.id === 'number') {
      const map = target.startsWith('/webhooks') ? ids.hooks : parent === 'line_items' ? ids.lines : ids.posts
      if (
        !['meta_data', 'shipping_lines', 'categories', 'attributes', 'images'].includes(parent) &&
        value > 0
      )
        map.set(value, ours.id)
    } else if (typeof value === 'object') learnIds(value, ours[name], ids, target, name)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Fields whose values depend on the shop's history, its theme or the minute; their types are compared. */
const volatile = new Set(
  [
    'id number slug permalink order_key price_html related_ids payment_url permalink_template generated_slug href',
    'resource_id parent_id product_id variation_id variations refunded_by total_sales image',
    'date_created date_created_gmt date_modified date_modified_gmt date_paid date_paid_gmt',
    'date_completed date_completed_gmt _refunded_item_id src hooks',
  ].flatMap((names) => names.split(' ')),
)

/** What is compared: names and types everywhere, and values where they do not depend on the shop's history. */
export function comparable(value: unknown, name = ''): unknown {
  if (volatile.has(name)) {
    if (value === null) return 'null'
    return Array.isArray(value) ? 'list' : name === 'id' || name === 'image' ? 'an id' : typeof value
  }
  if (name === 'refunds' && Array.isArray(value))
    return value
      .map((item) => comparable(item))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (Array.isArray(value)) return value.map((item) => comparable(item, name))
  if (typeof value === 'string') return comparableText(value)
  if (!isRecord(value)) return value
  if (value.key === '_refunded_item_id') return '_refunded_item_id'
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((field) => [field, comparable(value[field], field)]),
  )
}

/** The list of currencies is the shop's own; the host without an answer is ours. */
const comparableText = (text: string): string =>
  text.replaceAll('example.com', 'example.invalid').replace(/^(currency is not one of ).*$/, '$1…')

/** The rows of a list without their number, order and values: the types that each field takes, null apart. */
export function shapeOf(rows: unknown): Record<string, string[]> {
  const types = new Map<string, Set<string>>()
  for (const row of rows as Record<string, unknown>[])
    for (const [field, value] of Object.entries(row)) {
      const held = types.get(field) ?? new Set()
      if (value !== null) held.add(Array.isArray(value) ? 'list' : typeof value)
      types.set(field, held)
    }
  return Object.fromEntries([...types].map(([field, held]) => [field, [...held]]))
}
