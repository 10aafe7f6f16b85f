import { type Finding, findingOf, type RuleWord } from './finding.ts'
import type { Pack, PackRule } from './packs.ts'

type Compiled = {
  word: RuleWord
  hits: RegExp
  except: RegExp | null
  onlyWhen: RegExp | null
  notWhen: RegExp | null
  negation: RegExp | null
  rule: PackRule
}

/** What a text is judged by beside its words. */
export type WordScene = {
  /** Says what the goods are. */
  title: string
  /** Brands and allowed names: a hit within one is none. */
  names: readonly string[]
  attributes: Readonly<Record<string, string>>
}

const compiled = new WeakMap<Pack, readonly Compiled[]>()

/** Words of a pack in a text, each with its place. What a name, a negation or an exception explains is left out. */
export function findWords(text: string, field: string, pack: Pack, scene: WordScene): Finding[] {
  const found: Finding[] = []
  for (const entry of compile(pack)) {
    entry.hits.lastIndex = 0
    let spared: readonly Span[] | undefined
    for (const match of text.matchAll(entry.hits)) {
      if (!isMeant(entry, scene)) break
      const span = { from: match.index, to: match.index + match[0].length }
      spared ??= spansOf(text, entry.except, scene.names)
      if (spared.some((other) => other.from <= span.from && span.to <= other.to)) continue
      if (entry.negation?.test(text.slice(0, span.from))) continue
      found.push(
        findingOf(entry.word, field, {
          excerpt: match[0],
          ...span,
          ...(entry.rule.removes ? { fix: '' } : {}),
        }),
      )
    }
  }
  return found
}

/** The rules of a pack as the list of rules shows them. */
export const wordsOfPack = (pack: Pack): RuleWord[] => compile(pack).map(({ word }) => word)

type Span = { from: number; to: number }

function isMeant({ onlyWhen, notWhen, rule }: Compiled, { title, attributes }: WordScene): boolean {
  if (onlyWhen !== null && !onlyWhen.test(title)) return false
  if (notWhen?.test(title)) return false
  return !rule.unlessAttributes.some((name) => attributes[name]?.trim())
}

function spansOf(text: string, except: RegExp | null, names: readonly string[]): Span[] {
  const spans: Span[] = []
  if (except !== null)
    for (const match of text.matchAll(except))
      spans.push({ from: match.index, to: match.index + match[0].length })
  for (const name of names) {
    if (name === '') continue
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length))
      spans.push({ from: at, to: at + name.length })
  }
  return spans
}

function compile(pack: Pack): readonly Compiled[] {
  const known = compiled.get(pack)
  if (known) return known
  const negation = pack.negation === undefined ? null : new RegExp(pack.negation, 'iu')
  const made = pack.rules.map((rule): Compiled => {
    const { id, category, severity, effect, basis, message } = rule
    return {
      word: { ruleId: id, category, severity, effect, basis, message },
      hits: new RegExp([longestFirst(rule.words), ...rule.patterns].filter(Boolean).join('|'), 'giu'),
      except: rule.except.length === 0 ? null : new RegExp(rule.except.join('|'), 'giu'),
      onlyWhen: rule.onlyWhen === undefined ? null : new RegExp(rule.onlyWhen, 'iu'),
      notWhen: rule.notWhen === undefined ? null : new RegExp(rule.notWhen, 'iu'),
      negation,
      rule,
    }
  })
  compiled.set(pack, made)
  return made
}

const longestFirst = (words: readonly string[]): string =>
  words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|')
