import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { listProblemKinds } from '../../core/problems/kinds.ts'

test('the manual says of every kind of problem what the hub says of it', () => {
  const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const told = manual.split('\n').filter((line) => /^\| `\w+` \| (critical|high|normal|notice) \|/.test(line))
  expect(told).toEqual(
    listProblemKinds().map(
      ({ kind, severity, means, holdsUp, remedy }) =>
        `| \`${kind}\` | ${severity} | ${means} | ${holdsUp} | ${remedy} |`,
    ),
  )
})
