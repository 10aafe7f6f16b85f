import { describe, test } from 'vitest'
import { failureChecks } from './describe-failures.ts'
import { mannersChecks } from './describe-manners.ts'
import { papersChecks } from './describe-papers.ts'
import { secretChecks } from './describe-secrets.ts'
import type { AnySubject, Check } from './subject.ts'

/** What is asked of every connector, whatever it connects to. */
export const commonChecks = (subject: AnySubject): Check[] => [
  ...mannersChecks(subject),
  ...secretChecks(subject),
  ...papersChecks(subject),
  ...failureChecks(subject),
]

/** Makes a vitest suite of the checks, by theme. */
export function describeChecks(title: string, checks: readonly Check[]): void {
  describe(title, () => {
    for (const theme of new Set(checks.map((check) => check.theme))) {
      describe(theme, () => {
        for (const check of checks) if (check.theme === theme) test(check.guarantee, check.run)
      })
    }
  })
}
