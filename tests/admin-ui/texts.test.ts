import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const source = fileURLToPath(new URL('../../admin-ui/src', import.meta.url))
const folder = join(source, 'i18n')

/** The texts of a language by area and key: `{ shell: { 'nav.label': 'Pages' } }`. */
const textsOf = (language: string): Map<string, Map<string, string>> =>
  new Map(
    readdirSync(join(folder, language)).map((file) => [
      basename(file, '.json'),
      flatten(JSON.parse(readFileSync(join(folder, language, file), 'utf8'))),
    ]),
  )

function flatten(tree: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...flatten(value, `${path}${key}.`)],
    ),
  )
}

const english = textsOf('en')
const chinese = textsOf('zh-CN')
const placeholders = (text: string) => [...text.matchAll(/\{\{(.+?)\}\}/g)].map(([, name]) => name).sort()
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')

describe('the texts of the admin UI', () => {
  test('every area and key of English is in Chinese too, and none besides', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [area, texts] of english)
      expect([...chinese.get(area)!.keys()].sort(), area).toEqual([...texts.keys()].sort())
  })

  test('a text names the same values in both languages, and none is empty', () => {
    const wrong = [...english].flatMap(([area, texts]) =>
      [...texts].flatMap(([key, text]) => {
        const other = chinese.get(area)?.get(key) ?? ''
        const isSame = JSON.stringify(placeholders(text)) === JSON.stringify(placeholders(other))
        return isSame && text.trim() && other.trim() ? [] : [`${area}:${key}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  test('every text that the pages ask for by its name exists', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.tsx?$/.test(file),
    )
    const missing = files.flatMap((file) => {
      const code = readFileSync(join(source, file), 'utf8')
      const areas = [...code.matchAll(/useTranslation\(\s*'([\w-]+)'/g)].map(([, area]) => area!)
      const asked = [...code.matchAll(/(?<![\w.])t\(\s*'([\w.:-]+)'/g)].map(([, key]) => key!)
      return asked.filter((key) => !isKnown(key, areas)).map((key) => `${file}: ${key}`)
    })
    expect(missing).toEqual([])
  })
})

function isKnown(key: string, areas: readonly string[]): boolean {
  const [area, name] = key.includes(':') ? key.split(':') : [null, key]
  const where = area ? [area] : areas.length > 0 ? areas : ['shell']
  return where.some((one) =>
    [...(english.get(one!)?.keys() ?? [])].some((known) => withoutPlural(known) === name || known === name),
  )
}
