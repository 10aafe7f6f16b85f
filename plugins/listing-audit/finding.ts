/** How bad it is, the worst last. */
export const severities = ['info', 'warning', 'error'] as const
export type Severity = (typeof severities)[number]

/** What follows: nothing, the listing does not leave, or it is also proposed to be taken off the shelf. */
export const effects = ['none', 'blocks', 'unlawful'] as const
export type Effect = (typeof effects)[number]

/** A rule that was broken, with its evidence. */
export type Finding = {
  ruleId: string
  /** What the rule is about: completeness, title, images, price, absolute, medical … */
  category: string
  severity: Severity
  effect: Effect
  /** Law or rule of the platform that it rests on. */
  basis: string
  field: string
  /** The words that broke it, as they stand; null where something is missing. */
  excerpt: string | null
  /** Where the excerpt stands in the field, in UTF-16 units; null where it has no place. */
  from: number | null
  to: number | null
  message: string
  /** What to put in the place of the excerpt; only in title and description. */
  fix?: { replacement: string }
}

/** A rule as the list of rules shows it. */
export type RuleWord = Pick<Finding, 'ruleId' | 'category' | 'severity' | 'effect' | 'basis' | 'message'>

/** The rule's words with the evidence of one place. */
export const findingOf = (
  rule: RuleWord,
  field: string,
  evidence: { excerpt?: string | null; from?: number; to?: number; message?: string; fix?: string } = {},
): Finding => ({
  ...rule,
  field,
  excerpt: evidence.excerpt ?? null,
  from: evidence.from ?? null,
  to: evidence.to ?? null,
  message: evidence.message ?? rule.message,
  ...(evidence.fix === undefined ? {} : { fix: { replacement: evidence.fix } }),
})
