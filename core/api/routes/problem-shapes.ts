import { z } from '@hono/zod-openapi'
import { listProblemKinds, type ProblemKind, severities } from '../../problems/kinds.ts'
import { subjectKinds } from '../../problems/list.ts'
import { searched } from '../list-query.ts'
import { givenInstant, instant } from '../shapes.ts'

const kinds = new Map(listProblemKinds().map((kind) => [kind.kind as string, kind]))

/** Filters of open problems: of their list, and of what is done to many. */
export const problemFilter = {
  kind: z.string().max(100).optional(),
  connectionId: z.string().max(200).optional(),
  subject: z.string().max(500).optional(),
  subjectKind: z.enum(Object.keys(subjectKinds) as [keyof typeof subjectKinds]).optional(),
  sinceFrom: givenInstant.optional(),
  sinceUntil: givenInstant
    .optional()
    .openapi({ type: 'string', format: 'date-time', description: 'Open since then or longer.' }),
  cause: z.string().max(200).optional().openapi({ description: 'Those of one group.' }),
  q: searched,
}

export const problemSchema = z
  .object({
    id: z.string().openapi({ example: 'prb_01k5' }),
    kind: z.string().openapi({ example: 'push_refused' }),
    key: z.string(),
    connectionId: z.string().nullable(),
    subject: z.string().nullable(),
    message: z.string(),
    vendorMessage: z.string().nullable(),
    field: z.string().nullable(),
    holdsUp: z.string(),
    remedy: z.string(),
    detail: z.unknown(),
    since: instant,
    lastSeenAt: instant,
    timesSeen: z.number(),
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable(),
    cause: z
      .string()
      .openapi({ description: 'What it has in common with others: its words without names and numbers.' }),
    severity: z.enum(severities),
    canRetry: z.boolean().openapi({ description: 'Whether trying again now may help.' }),
  })
  .openapi('Problem')

/** What the kind of a problem adds to it. */
export const ofKind = (kind: string) => {
  const { severity = 'normal', canRetry = false } = kinds.get(kind as ProblemKind) ?? {}
  return { severity, canRetry }
}

export const problemKindSchema = z
  .object({
    kind: z.string().openapi({ example: 'push_refused' }),
    severity: z.enum(severities),
    means: z.string().openapi({ description: 'What has happened.' }),
    holdsUp: z.string(),
    remedy: z.string().openapi({ description: 'What to do.' }),
    canRetry: z.boolean(),
  })
  .openapi('ProblemKind')

export const problemGroup = z
  .object({
    kind: z.string(),
    connectionId: z.string().nullable(),
    cause: z.string(),
    count: z.number(),
    oldest: instant,
    newest: instant,
    severity: z.enum(severities),
    canRetry: z.boolean(),
    holdsUp: z.string(),
    remedy: z.string(),
    sample: problemSchema,
  })
  .openapi('ProblemGroup')
