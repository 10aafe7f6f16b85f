import type { Finding } from '../finding.ts'
import type { Subject } from '../subject.ts'
import { findWords } from '../words.ts'

/** Forbidden and misleading words, by the packs that hold where it is sold. */
export function findClaims({ facts: { content }, packs, settings }: Subject): Finding[] {
  if (packs.length === 0) return []
  const { title, description, brand, attributes } = content
  // The two names of a brand are often written as one: "NAME/名".
  const brands = brand === null ? [] : [brand, ...brand.split(/[/|]/u).map((name) => name.trim())]
  const scene = { title, attributes, names: [...brands, ...settings.allowedWords] }
  return packs.flatMap((pack) => [
    ...findWords(title, 'title', pack, scene),
    ...findWords(description, 'description', pack, scene),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      findWords(value, `attributes.${name}`, pack, scene),
    ),
  ])
}
