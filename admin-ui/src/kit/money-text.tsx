import { useTranslation } from 'react-i18next'
import { useFormat } from './use-format.ts'

/** An amount in its currency; null is "no data", which is not zero. */
export function MoneyText({
  minor,
  currency,
}: {
  minor: number | null | undefined
  currency: string | null | undefined
}) {
  const format = useFormat()
  const { t } = useTranslation('kit')
  if (minor === null || minor === undefined || !currency) return <span>{t('noData')}</span>
  return <span>{format.money(minor, currency)}</span>
}
