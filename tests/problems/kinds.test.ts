import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { listProblemKinds, problemKinds } from '../../core/problems/kinds.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('what is said of each kind of problem', () => {
  test('the manual says the same as the hub, of every kind', () => {
    const told = read('docs/operations.md')
      .split('\n')
      .filter((line) => /^\| `\w+` \| (critical|high|normal|notice) \|/.test(line))
    expect(told).toEqual(
      listProblemKinds().map(
        ({ kind, severity, means, holdsUp, remedy }) =>
          `| \`${kind}\` | ${severity} | ${means} | ${holdsUp} | ${remedy} |`,
      ),
    )
  })

  test('the admin UI says the same in English, and names every kind in every language', () => {
    for (const language of ['en', 'zh-CN']) {
      const texts = JSON.parse(read(`admin-ui/src/i18n/${language}/problems.json`))
      for (const part of ['kind', 'holdsUpOf', 'remedyOf'])
        expect(Object.keys(texts[part]).sort(), `${language} ${part}`).toEqual(
          Object.keys(problemKinds).sort(),
        )
      if (language !== 'en') continue
      for (const [kind, { holdsUp, remedy }] of Object.entries(problemKinds))
        expect([texts.holdsUpOf[kind], texts.remedyOf[kind]], kind).toEqual([holdsUp, remedy])
    }
  })
})
