import { z } from '@hono/zod-openapi'
import { importKinds, importTargets, measureUnits } from '../../imports/targets.ts'
import { mappingSchema } from '../../imports/wizard-profile.ts'
import { workStates } from '../../work/read.ts'
import { instant } from '../shapes.ts'

export const importSchema = z
  .object({
    id: z.string().openapi({ example: 'imp_01k5' }),
    profile: z.string().openapi({ example: 'products' }),
    kind: z.string().nullable(),
    fileName: z.string(),
    workId: z
      .string()
      .nullable()
      .openapi({ description: 'The long work that does it: cancel or take it back there.' }),
    startedAt: instant,
    finishedAt: instant.nullable(),
    counts: z.record(z.string(), z.number()),
    hasRejects: z.boolean().openapi({ description: 'Whether rows were refused: they can be downloaded.' }),
    stoppedBy: z
      .string()
      .nullable()
      .openapi({ description: 'Why reading stopped before the end of the file.' }),
    actor: z.string(),
    state: z.enum(workStates),
    error: z.string().nullable(),
    bytesRead: z.number(),
    bytesTotal: z.number(),
  })
  .openapi('Import')

export const mapping = mappingSchema.openapi('ImportMapping')

export const uploadSchema = z
  .object({
    id: z.string().openapi({ example: 'upl_01k5' }),
    fileName: z.string(),
    bytes: z.number(),
    format: z.enum(['csv', 'xlsx']),
    encoding: z.string(),
    delimiter: z.string(),
    createdAt: instant,
    kind: z
      .enum(importKinds)
      .openapi({ description: 'What the file seems to hold, or the kind that was asked for.' }),
    decimal: z.enum(['.', ',']),
    dateOrder: z.enum(['ymd', 'dmy', 'mdy']),
    columns: z.array(
      z.object({
        name: z.string(),
        samples: z.array(z.string()),
        suggestions: z.array(
          z.object({
            field: z.string(),
            unit: z.string().optional(),
            score: z.number(),
            reason: z.string(),
          }),
        ),
      }),
    ),
    fields: z
      .array(z.object({ column: z.string(), field: z.string(), unit: z.string().optional() }))
      .openapi({ description: 'What the columns are taken for unless a person says otherwise.' }),
    saved: z
      .array(z.object({ mapping: z.unknown(), savedBy: z.string(), savedAt: instant }))
      .openapi({ description: 'What files with these columns were taken for before, the latest first.' }),
  })
  .openapi('ImportUpload')

export const targetSchema = z
  .object({
    field: z.string(),
    label: z.string(),
    kinds: z.array(z.enum(importKinds)),
    requiredIn: z.array(z.enum(importKinds)),
    units: z.array(z.string()),
    isNamed: z.boolean().openapi({ description: 'A name follows the field, as in `attribute:Material`.' }),
  })
  .openapi('ImportField')

export const allTargets = importTargets.map(
  ({ field, label, kinds, requiredIn = [], measure, isNamed = false }) => ({
    field,
    label,
    kinds: [...kinds],
    requiredIn: [...requiredIn],
    units: measure ? [...measureUnits[measure]] : [],
    isNamed,
  }),
)
