import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'

/** What approving costs: calls, and how long they take at least. */
export function useCost() {
  const { t } = useTranslation('proposals')
  const format = useFormat()
  return ({ costCalls, costSeconds }: { costCalls: number; costSeconds: number | null }): string => {
    if (costCalls === 0) return t('cost.none')
    const calls = t('cost.calls', { count: costCalls, shown: format.count(costCalls) })
    if (costSeconds === null || costSeconds < 2) return calls
    const time =
      costSeconds < 120
        ? t('cost.seconds', { count: costSeconds })
        : t('cost.minutes', { count: Math.ceil(costSeconds / 60) })
    return `${calls}, ${time}`
  }
}
