import { z } from 'zod'

/** Steps of the ladder, from the mildest on. */
export const stepKinds = ['improve', 'reprice', 'promote', 'bundle', 'end'] as const
export type StepKind = (typeof stepKinds)[number]

/** Steps that change nothing in a shop: they ask a person to. */
export const suggestions: readonly StepKind[] = ['improve', 'bundle']
const stepKind = z.enum(stepKinds)

const days = (title: string, description: string, byDefault: number) =>
  z.int().min(1).max(36_500).default(byDefault).meta({ title, description })
const percent = (title: string, description: string, byDefault: number, most = 100) =>
  z.number().min(0).max(most).default(byDefault).meta({ title, description })
const count = (title: string, description: string, byDefault: number) =>
  z.int().min(0).max(1_000_000).default(byDefault).meta({ title, description })

/** What a category does otherwise than all others. */
const categoryPolicy = z.object({
  categoryKey: z.string().min(1),
  graceDays: z.int().min(0).optional(),
  coverDays: z.int().min(1).optional(),
  stockAgeDays: z.int().min(1).optional(),
  leastUnitsPer30Days: z.number().min(0).optional(),
  ladder: z.array(stepKind).optional(),
})

/** The policy: when a listing is slow, what is done about it, and how far that may go. */
export const settings = z.object({
  timeZone: z
    .string()
    .default('UTC')
    .meta({ title: 'Time zone', description: 'Whose calendar days sales are counted by.' }),
  windowDays: days('Window', 'Days of sales that are judged.', 90),
  graceDays: z
    .int()
    .min(0)
    .default(60)
    .meta({ title: 'Grace time', description: 'Days after its creation in which a listing is "new".' }),
  leastDaysInStock: days('Least days in stock', 'With fewer days in stock nothing is called slow.', 30),
  leastUnitsPer30Days: z
    .number()
    .min(0)
    .default(1)
    .meta({ title: 'Least sales', description: 'Units in 30 days in stock; a listing below it is slow.' }),
  coverDays: days('Most cover', 'Days that the stock may last at the present pace.', 180),
  stockAgeDays: days('Oldest stock', 'Days that the oldest unit may lie, first in first out.', 270),
  leastReturnPercent: z.number().default(0).meta({
    title: 'Least return on stock',
    description: 'Gross margin of a year as a share of the cost of the stock; below it a listing is slow.',
  }),
  notGoodsWords: z.array(z.string().min(1)).default(['补差价', '补邮费', '补运费', '邮费', '运费']).meta({
    title: 'Words of what is no goods',
    description: 'A title with one of them, at the price below or under it, is no goods.',
  }),
  notGoodsPriceMinor: count('Price of what is no goods', 'In minor units of the connection.', 100),
  ladder: z
    .array(stepKind)
    .default([...stepKinds])
    .meta({ title: 'Ladder', description: 'Steps in the order in which they are taken.' }),
  waitDays: days('Wait', 'Days between a step and the next.', 14),
  repricePercent: percent('Reprice by', 'How much a repricing takes off, never below the floor.', 10, 90),
  promotePercent: percent('Promote by', 'How much a promotion takes off, never below the floor.', 15, 90),
  promoteDays: days('Promotion', 'Days that a promotion lasts.', 14),
  leastTogether: days('Least bought together', 'Orders that must hold both goods to suggest a bundle.', 3),
  automaticKinds: z.array(stepKind).default(['improve', 'bundle']).meta({
    title: 'Automatic steps',
    description:
      'Steps that need no approval within their limit. To improve and to bundle only ask a person.',
  }),
  automaticListings: count(
    'Automatic limit',
    'A step that changes more listings than this waits for approval all the same.',
    20,
  ),
  listingsPerRun: count('Most a run', 'Listings of a connection that one run may act on.', 100),
  capPercent: percent('Most of a shop', 'Share of live listings acted on within the days below.', 5),
  capDays: days('Days of that cap', 'The cap counts what was done within them.', 7),
  controlPercent: percent('Control group', 'Share of slow listings that are never acted on.', 10, 90),
  policyVersion: z
    .string()
    .min(1)
    .default('1')
    .meta({ title: 'Policy version', description: 'Another version draws another control group.' }),
  effectDays: days('Effect after', 'Days before and after a step that are compared.', 14),
  leastSample: days('Least sample', 'With fewer listings on either side an effect is "no data".', 20),
  categoryPolicies: z
    .array(categoryPolicy)
    .default([])
    .meta({ title: 'Categories', description: 'What single categories do otherwise.' }),
})
export type Settings = z.output<typeof settings>

/** The ladder of a category. */
export const ladderOf = (
  { ladder, categoryPolicies }: Settings,
  categoryKey: string | null,
): readonly StepKind[] =>
  categoryPolicies.find((policy) => policy.categoryKey === categoryKey)?.ladder ?? ladder
