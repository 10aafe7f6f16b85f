import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Explain } from '../../kit/explain.tsx'
import { factsOfText } from '../../kit/facts-of-text.ts'

const mostShown = 160

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
    const said = spoken(to)
    if (isNew && said === null) return null
    const value = <b dir="auto">{said ?? t('kit:noData')}</b>
    return (
      <Text key={field} size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {t(`field.${field}`, { defaultValue: field })}:{' '}
        {!isNew && (
          <>
            <del>{spoken(from) ?? t('kit:noData')}</del>
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

/** A value as it is read; null for an empty one. A description would fill the page: its beginning is enough to know it. */
function spoken(text: string | null): string | null {
  if (text === null || text === '' || text === '[]' || text === '{}') return null
  const facts = factsOfText(text)
  const said = facts ? facts.map(([name, value]) => `${name}: ${value}`).join(', ') : text
  return said.length > mostShown ? `${said.slice(0, mostShown)}…` : said
}
