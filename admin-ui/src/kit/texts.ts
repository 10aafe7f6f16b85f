import { useTranslation } from 'react-i18next'
import { localeOf } from '../i18n/index.ts'

/** The text in a locale, else in its language, else the first there is; the hub chooses likewise. */
export function inLocale(texts: Readonly<Record<string, string>>, locale: string): string {
  const [language] = locale.split('-')
  const near = Object.keys(texts).find((key) => key.split('-')[0] === language)
  return texts[locale] ?? (near && texts[near]) ?? Object.values(texts)[0] ?? ''
}

/** Chooses of texts by locale the one for whoever looks. */
export function useInLocale(): (texts: Readonly<Record<string, string>>) => string {
  const { i18n } = useTranslation()
  const locale = localeOf(i18n.language)
  return (texts) => inLocale(texts, locale)
}
