import { z } from '@hono/zod-openapi'
import { mappingKinds } from '../../mappings/kinds.ts'
import { wordFilters, wordSorts, wordStates } from '../../mappings/list.ts'
import { fieldDiffs, idParam, instant, pageQuery } from '../shapes.ts'

export const connectionParams = idParam('con_01k5')
export const kind = z.enum(mappingKinds as [(typeof mappingKinds)[number], ...typeof mappingKinds])
export const kindParams = connectionParams.extend({
  kind: kind.openapi({ param: { name: 'kind', in: 'path' }, example: 'sku' }),
})

const word = z.string().min(1).max(500)
const scope = z.string().max(500).default('').openapi({
  description: 'The attribute of ours that a value belongs to; empty for every other kind.',
  example: '',
})

export const suggestion = z
  .object({
    target: z.string().openapi({ example: '16' }),
    name: z.string().openapi({ example: 'Bed linen' }),
    path: z.string().openapi({ example: 'Home > Bedroom' }),
    confidence: z.number().openapi({ description: 'From 0 to 1.', example: 0.97 }),
    reason: z.string().openapi({ example: 'mapped so on Main shop' }),
  })
  .openapi('MappingSuggestion')

export const wordRow = z
  .object({
    scope: z.string(),
    word: z
      .string()
      .openapi({ description: 'What is looked up: ours for what goes out, theirs for what comes in.' }),
    name: z.string(),
    path: z.string(),
    state: z.enum(wordStates),
    listings: z.number().openapi({ description: 'Listings that use it.' }),
    orders: z.number().openapi({ description: 'Orders that wait for it, or use it.' }),
    problems: z.number().openapi({ description: 'Open problems that it may be behind.' }),
    target: z.string().nullable().openapi({ description: 'What it means; null where it is not mapped.' }),
    targetName: z.string().nullable(),
    targetPath: z.string().nullable(),
    reading: z
      .string()
      .nullable()
      .openapi({ description: 'How the connector itself reads an order state; a mapping goes before it.' }),
    confidence: z.number().openapi({ description: 'That of the first suggestion.' }),
    suggestions: z.array(suggestion),
    revision: z.number().openapi({ description: 'Send it with a change of this word.' }),
    changedAt: instant.nullable(),
    changedBy: z.string().nullable(),
  })
  .openapi('MappingWord')

export const wordQuery = pageQuery.extend({
  state: z.enum(wordFilters).optional().openapi({ description: '`open`: all that is not mapped.' }),
  minConfidence: z.coerce.number().min(0).max(1).optional(),
  scope: z.string().max(500).optional(),
  q: z.string().min(1).max(200).optional().openapi({ description: 'Part of a word, a name or a path.' }),
  sort: z.enum(wordSorts).default('-weight').openapi({
    description: '`-weight`: by what they hold up, an order counting a hundredfold and a problem tenfold.',
  }),
})

export const entries = z
  .array(
    z.strictObject({
      scope,
      word,
      target: word.nullable().openapi({ description: 'What it shall mean; null takes the mapping away.' }),
      revision: z.int().min(0).optional().openapi({
        description: 'The revision that was edited; left out, whatever is there is replaced.',
      }),
    }),
  )
  .min(1)
  .max(1000)
  .openapi({ example: [{ scope: '', word: 'SHOP-TEE-MEDIUM', target: 'TEE-M', revision: 0 }] })

export const effects = z
  .object({
    batchId: z.string().nullable().openapi({ description: 'What to undo; null when nothing changed.' }),
    changes: z.number(),
    dirtyListings: z.number().openapi({ description: 'Listings whose content is pushed anew.' }),
    healedLines: z.number().openapi({ description: 'Order lines that found their SKU.' }),
    boundListings: z.number().openapi({ description: 'Listings of the platform that found their SKU.' }),
    rereadOrders: z.number().openapi({ description: 'Orders that are read again because of their state.' }),
  })
  .openapi('MappingEffects')

export const acceptFilter = z.object({
  minConfidence: z.coerce.number().min(0).max(1).default(0.9).openapi({ example: 0.9 }),
  scope: z.string().max(500).optional(),
  q: z.string().min(1).max(200).optional(),
})

export const trial = z
  .object({
    listingId: z.string(),
    sku: z.string(),
    changes: fieldDiffs,
    content: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'All that the listing would say; null where a plugin stops it.' }),
    complaints: z.array(
      z.object({ field: z.string(), message: z.string(), severity: z.enum(['error', 'warning']) }),
    ),
    names: z
      .record(z.string(), z.string())
      .openapi({ description: 'What the platform calls the terms that are named by an id.' }),
  })
  .openapi('MappingTrial')
