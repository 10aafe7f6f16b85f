import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Explain } from '../../kit/explain.tsx'

type Props = {
  sku: string
  changes: readonly { field: string; from: string | null; to: string | null }[]
  /** How the new value comes about, term by term. */
  because?: readonly { label: string; value: string }[]
  /** Nothing is there yet: only what it becomes is shown. */
  isNew?: boolean
}

/** Field by field, what would be sent over what is there. */
export function ChangeLines({ sku, changes, because = [], isNew = false }: Props) {
  const { t } = useTranslation('preview')
  return changes.map(({ field, from, to }) => {
    const value = <b dir="auto">{short(to) ?? t('kit:noData')}</b>
    return (
      <Text key={field} size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {t(`field.${field}`, { defaultValue: field })}:{' '}
        {!isNew && (
          <>
            <del>{short(from) ?? t('kit:noData')}</del>
            {' → '}
          </>
        )}
        {because.length === 0 ? (
          value
        ) : (
          <Explain
            label={`${sku} ${field}`}
            because={because.map((term) => `${term.label}: ${term.value}`).join('\n')}
          >
            {value}
          </Explain>
        )}
      </Text>
    )
  })
}

/** A description would fill the page: its beginning is enough to know it. */
const short = (text: string | null): string | null =>
  text === null ? null : text.length > 160 ? `${text.slice(0, 160)}…` : text
