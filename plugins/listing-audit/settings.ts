import { z } from 'zod'

/** What an operator may set. */
export const settings = z.object({
  stopsBlocked: z.boolean().default(true).meta({
    title: 'Stop listings that break a blocking rule',
    description: 'They are not sent to the marketplace; each is a problem that names the rule and the words.',
  }),
  proposesDelisting: z.boolean().default(true).meta({
    title: 'Propose to take unlawful listings off the shelf',
    description: 'A listing on the shelf that breaks a rule marked unlawful becomes a proposal at once.',
  }),
  delistsAlone: z.boolean().default(false).meta({
    title: 'Take unlawful listings off the shelf without asking',
    description: 'The proposal is applied at once in the name of this plugin, and can be undone.',
  }),
  allowedWords: z.array(z.string().min(1)).default([]).meta({
    title: 'Allowed words',
    description: 'Names of brands and ranges that contain a word of a rule, such as a trade mark.',
  }),
  ignoredRules: z.array(z.string().min(1)).default([]).meta({
    title: 'Rules switched off',
    description: 'Ids of rules that are not looked at, as `entrepot listing-audit rules` lists them.',
  }),
  measuresImages: z.boolean().default(false).meta({
    title: 'Download and measure images',
    description:
      'At night, images at new addresses are downloaded: size, sharpness, background and doubles. Without it only the list of images is judged.',
  }),
})
export type AuditSettings = z.output<typeof settings>
export const defaultSettings: AuditSettings = settings.parse({})
