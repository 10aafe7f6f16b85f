import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { effects, severities } from './finding.ts'

const pattern = z.string().refine((text) => isPattern(text), 'is no regular expression')

const packRule = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9.-]+$/),
    category: z.string().min(1),
    severity: z.enum(severities),
    effect: z.enum(effects),
    /** The article or guide that it rests on. */
    basis: z.string().min(1),
    message: z.string().min(1),
    /** Words as they are, and regular expressions for what has many forms. */
    words: z.array(z.string().min(1)).default([]),
    patterns: z.array(pattern).default([]),
    /** A hit within one of these is none. */
    except: z.array(pattern).default([]),
    /** Only in titles of such goods, or not of such. */
    onlyWhen: pattern.optional(),
    notWhen: pattern.optional(),
    /** Attributes that carry the certificate: where one has a value, the rule is kept. */
    unlessAttributes: z.array(z.string()).default([]),
    /** Whether leaving the words out mends it. */
    removes: z.boolean().default(false),
  })
  .refine(({ words, patterns }) => words.length + patterns.length > 0, 'has neither words nor patterns')

const pack = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]+$/),
  name: z.string().min(1),
  version: z.string().min(1),
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
  languages: z.array(z.string().regex(/^[a-z]{2}$/)).min(1),
  basis: z.strictObject({ text: z.string().min(1), link: z.url() }),
  /** What stands right before a hit that it turns round ("not the best"); ends in `$`. */
  negation: pattern.optional(),
  rules: z.array(packRule).min(1),
})
export type Pack = z.output<typeof pack>
export type PackRule = Pack['rules'][number]

/** Reads a pack. @throws Error naming the file and the field that is wrong */
export function readPack(text: string, name: string): Pack {
  const parsed = pack.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`The rule pack ${name} is wrong at ${issue!.path.join('.')}: ${issue!.message}`)
}

const folder = new URL('./packs/', import.meta.url)

/** All packs of the folder `packs`. They are read once, because a filter has no time to wait. */
export const packs: readonly Pack[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => readPack(readFileSync(new URL(name, folder), 'utf8'), name))

/** The country whose rules hold where a locale names none. */
const usualCountry: Readonly<Record<string, string>> = { zh: 'CN', de: 'DE' }

/** Country and language of a locale such as `zh-CN`, `zh_Hans_CN` or `de`. */
export function placeOf(locale: string): { language: string; country: string | null } {
  const [language = '', ...rest] = locale.split(/[-_]/)
  const country = rest.find((part) => /^[A-Za-z]{2}$/.test(part))?.toUpperCase()
  return {
    language: language.toLowerCase(),
    country: country ?? usualCountry[language.toLowerCase()] ?? null,
  }
}

/** The packs that hold for a locale. */
export function packsOf(locale: string, all: readonly Pack[] = packs): readonly Pack[] {
  const { language, country } = placeOf(locale)
  if (country === null) return []
  return all.filter(({ countries, languages }) => countries.includes(country) && languages.includes(language))
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'giu')
    return true
  } catch {
    return false
  }
}
