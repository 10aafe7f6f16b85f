import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../i18n/index.ts'
import { formatAge, formatCount, formatDay, formatInstant, formatMoney, formatShare } from './format.ts'

/** The ways of writing figures, for the language that is shown. */
export function useFormat() {
  const { i18n } = useTranslation()
  const locale = localeOf(i18n.language)
  return useMemo(
    () => ({
      locale,
      money: (minor: number, currency: string) => formatMoney(locale, minor, currency),
      count: (count: number) => formatCount(locale, count),
      share: (share: number) => formatShare(locale, share),
      instant: (at: string | Date) => formatInstant(locale, at),
      day: (day: string | Date) => formatDay(locale, day),
      age: (at: string | Date) => formatAge(locale, at, new Date()),
    }),
    [locale],
  )
}
