import { z } from '@hono/zod-openapi'
import { proposalStatuses } from '../../proposals/list.ts'
import { searched } from '../list-query.ts'
import { givenInstant, instant } from '../shapes.ts'

/** Filters of proposals, but for their status: of their list, and of what is done to many. */
export const proposalFilter = {
  kind: z.string().max(200).optional(),
  connectionId: z.string().max(200).optional(),
  proposedBy: z.string().max(300).optional(),
  proposedUntil: givenInstant.optional().openapi({
    type: 'string',
    format: 'date-time',
    description: 'Those that were proposed then or before.',
  }),
  q: searched,
}

export const diffLine = z.object({
  subject: z.string(),
  field: z.string(),
  from: z.unknown(),
  to: z.unknown(),
})

export const proposalSchema = z
  .object({
    id: z.string().openapi({ example: 'prp_01k5' }),
    kind: z.string().openapi({ example: 'price_step' }),
    connectionId: z.string().nullable(),
    title: z.string(),
    reason: z.string(),
    diff: z
      .array(diffLine)
      .openapi({ description: 'The first lines; `GET /api/proposals/{id}/diff` has all.' }),
    lineCount: z.number(),
    costCalls: z.number(),
    costSeconds: z.number().nullable().openapi({
      description: 'How long these calls take at the published limit, where the connection has one.',
    }),
    status: z.enum(proposalStatuses),
    proposedBy: z.string(),
    proposedAt: instant,
    needsSecondPerson: z
      .boolean()
      .openapi({ description: 'Whether somebody other than who proposed it has to approve it.' }),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    appliedAt: instant.nullable(),
    error: z.string().nullable(),
    canBeUndone: z.boolean(),
    undoneBy: z.string().nullable(),
    undoneAt: instant.nullable(),
  })
  .openapi('Proposal')

export const proposalGroup = z
  .object({
    kind: z.string(),
    connectionId: z.string().nullable(),
    count: z.number(),
    lines: z.number(),
    costCalls: z.number(),
    oldest: instant,
    newest: instant,
  })
  .openapi('ProposalGroup')
