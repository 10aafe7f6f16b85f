/** Words that say nothing about what a thing is. */
const fillers = new Set([
  'and',
  'or',
  'the',
  'of',
  'for',
  'with',
  'und',
  'oder',
  'et',
  'de',
  'da',
  'do',
  'e',
  'y',
])

/** A name without what does not tell two apart: case, accents, punctuation, the form of a character. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** An English plural as its singular; other words as they are. */
function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(?:sh|ch|x|ss)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** The words of a folded name that carry meaning. Chinese and Japanese have no spaces: pairs of characters stand for words. */
export function tokensOf(folded: string): string[] {
  const tokens: string[] = []
  for (const part of folded.split(' ')) {
    if (part === '' || fillers.has(part)) continue
    if (!/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(part)) tokens.push(singular(part))
    else if (part.length === 1) tokens.push(part)
    else for (let at = 0; at + 1 < part.length; at += 1) tokens.push(part.slice(at, at + 2))
  }
  return tokens
}

/** Every run of three letters of a folded name, with its edges marked. */
export function trigramsOf(folded: string): Set<string> {
  const padded = `  ${folded} `
  const grams = new Set<string>()
  for (let at = 0; at + 3 <= padded.length; at += 1) grams.add(padded.slice(at, at + 3))
  return grams
}
