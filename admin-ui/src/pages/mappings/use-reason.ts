import { useTranslation } from 'react-i18next'

/** How the hub says why it suggests a meaning, with the text that says it in the reader's language. */
const phrases = [
  [/^title: (?<rest>.+)$/, 'title'],
  [/^(?<rest>.+); (?<shown>\d+) fit alike$/, 'alike'],
  [/^(?<rest>.+), below a like path$/, 'path'],
  [/^mapped so on (?<name>.+)$/, 'mappedSo'],
  [/^same name$/, 'same'],
  [/^same name but for case, accents or punctuation$/, 'folded'],
  [/^same words in another order or number$/, 'reordered'],
  [/^spelt alike$/, 'spelling'],
  [/^nothing shared$/, 'nothing'],
  [/^shares (?<words>.+)$/, 'shares'],
  [/^same SKU but for case and punctuation$/, 'sku'],
  [/^its SKU is the GTIN of ours$/, 'gtin'],
] as const

/** Says a reason of a suggestion; one without a text here stands as the hub wrote it. */
export function useReason(): (reason: string) => string {
  const { t } = useTranslation('mappings')
  const say = (reason: string): string => {
    for (const [pattern, key] of phrases) {
      const found = pattern.exec(reason)
      if (!found) continue
      const { rest, ...parts } = found.groups ?? {}
      return t(`reason.${key}`, { ...parts, ...(rest ? { rest: say(rest) } : {}) })
    }
    return reason
  }
  return say
}
