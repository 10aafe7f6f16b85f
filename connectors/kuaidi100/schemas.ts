import { z } from 'zod'

export const settings = z.object({
  apiUrl: z.url().default('https://poll.kuaidi100.com').meta({ title: 'API address' }),
  callbackUrl: z
    .union([z.literal(''), z.url()])
    .default('')
    .meta({
      title: 'Callback address',
      description:
        "The public address of this connection's webhook; without it parcels are only asked about, not subscribed",
    }),
  carriers: z
    .record(z.string().min(1), z.string().regex(/^[a-z0-9]+$/))
    .default({})
    .meta({
      title: 'Carriers',
      description:
        'What our carriers are called there, beyond those known, such as {"best": "huitongkuaidi"}',
    }),
})
export type Settings = z.infer<typeof settings>

export const credentials = z.object({
  customer: z.string().min(1).meta({ title: 'Customer (授权码 customer)', secret: true }),
  key: z.string().min(1).meta({ title: 'Key (授权 key)', secret: true }),
  salt: z.string().min(8).meta({
    title: 'Salt of the pushes',
    description: 'Any text of your own; Kuaidi100 signs its pushes with it',
    secret: true,
  }),
})
export type Credentials = z.infer<typeof credentials>

/** Codes arrive as text and as numbers; empty and absent are the same. */
const optionalText = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)))

const scan = z.object({
  /** "2026-03-02 17:00:00", in the parcel's place. */
  ftime: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  context: optionalText,
  /** The state in words, and as a code; only where the account has them. */
  status: optionalText,
  statusCode: optionalText,
  areaName: optionalText,
  location: optionalText,
})
export type Scan = z.infer<typeof scan>

/** What is known of one waybill. The newest scan comes first. */
export const waybill = z.object({
  nu: z.string().min(1),
  com: optionalText,
  state: optionalText,
  data: z
    .array(scan)
    .nullish()
    .transform((list) => list ?? []),
})
export type Waybill = z.infer<typeof waybill>

/** A refusal arrives with status 200: `{"result":false,"returnCode":"500","message":"..."}`. */
export const answer = z.looseObject({
  result: z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]).optional(),
  returnCode: optionalText,
  message: optionalText,
})
export type Answer = z.infer<typeof answer>

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    context.addIssue({ code: 'custom', message: 'it is no JSON' })
    return z.NEVER
  }
})

/** A push. `abort`: nothing was found for three days, or nothing changed for sixty. */
export const push = json.pipe(
  z.object({
    status: z.enum(['polling', 'shutdown', 'abort', 'updateall']),
    message: optionalText,
    lastResult: waybill,
  }),
)
