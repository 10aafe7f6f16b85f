import { z } from 'zod'

/** What an operator may set; all of it works as it comes. */
export const settings = z.object({
  requiredRoles: z.array(z.string().min(1)).default([]).meta({
    title: 'Required sign-offs',
    description: 'Roles that must sign a campaign before it is proposed, such as "finance".',
  }),
  historyDays: z.int().min(7).max(365).default(28).meta({
    title: 'Days of history',
    description: 'How many days of sales before now a forecast rests on.',
  }),
  leastUnitsForForecast: z.int().min(1).default(3).meta({
    title: 'Least units for a forecast',
    description: 'Goods that sold fewer units in that time have no forecast: "no data".',
  }),
  leastMarginBasisPoints: z.int().min(-10_000).max(9999).default(0).meta({
    title: 'Least margin (basis points of the price)',
    description:
      'A campaign price with a lower margin is a warning. Below the floor it never leaves in any case.',
  }),
  lowestPriceRule: z.enum(['off', 'warn', 'block']).default('warn').meta({
    title: 'Lowest price of 30 days',
    description:
      'What follows when a price is not below the lowest of the 30 days before (Directive 98/6/EC, article 6a).',
  }),
  lateAfterMinutes: z.int().min(5).max(1440).default(30).meta({
    title: 'Late after (minutes)',
    description:
      'Prices that a marketplace has not acknowledged so long after a start or an end are a problem.',
  }),
})
export type Settings = z.output<typeof settings>
