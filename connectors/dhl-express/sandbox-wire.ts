import type { Context } from 'hono'
import type { z } from 'zod'

type Status = 400 | 401 | 404 | 422 | 429

const titles: Record<Status, [title: string, message: string]> = {
  400: ['Bad request', 'Bad request'],
  401: ['Unauthorized', 'Unauthorized'],
  404: ['Not data found', 'Not data found'],
  422: ['Validation error', 'Unprocessable Entity'],
  429: ['Too many requests', 'Too many requests'],
}

/** MyDHL's way of saying no. */
export function refuse(c: Context, status: Status, detail: string, additionalDetails?: readonly string[]) {
  const { pathname, search } = new URL(c.req.url)
  const [title, message] = titles[status]
  const body = {
    instance: pathname.replace('/mydhlapi', '/expressapi') + search,
    detail,
    title,
    message,
    ...(additionalDetails ? { additionalDetails } : {}),
    status: String(status),
  }
  return c.json(body, status, { 'content-type': 'application/problem+json' })
}

/** A refusal before it is sent. */
export class Refused extends Error {
  readonly status: Status
  readonly details: readonly string[] | undefined
  constructor(status: Status, detail: string, details?: readonly string[]) {
    super(detail)
    this.status = status
    this.details = details
  }
}

/**
 * The body, if it keeps to the schema.
 * @throws Refused 422, as MyDHL writes it: by path and key, all of them beside each other where there are several.
 */
export function validated<Data>(schema: z.ZodType<Data>, body: unknown): Data {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.map(({ code, path, message, ...issue }) => {
    const at = (parts: readonly PropertyKey[]) => `#/${parts.map(String).join('/')}`
    if (code === 'unrecognized_keys' && 'keys' in issue)
      return `${at(path)}: extraneous key [${issue.keys.join(', ')}] is not permitted`
    const isMissing = code === 'invalid_type' && message.includes('received undefined')
    if (isMissing) return `${at(path.slice(0, -1))}: required key [${String(path.at(-1))}] not found`
    return `${at(path)}: ${message}`
  })
  if (details.length === 1) throw new Refused(422, details[0]!)
  throw new Refused(422, 'Multiple problems found, see Additional Details', details)
}

const shipWindowDays = 10

/** Refuses a moment of shipping that is badly written, over, or more than ten days away. */
export function assertShippingTime(text: string, now: Date): void {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}) ?GMT([+-]\d{2}:\d{2})$/.exec(text)
  if (!match) throw new Refused(400, '998: ShipTimeStamp is not well formatted.')
  const at = new Date(`${match[1]}${match[2]}`).getTime()
  if (at < now.getTime()) throw new Refused(400, '998: ShipTimeStamp is in the past.')
  if (at > now.getTime() + shipWindowDays * 86_400_000)
    throw new Refused(400, '998: ShipTimeStamp is more than 10 days in the future.')
}
