import { Badge, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'
import type { Kind, KindState } from './mapping-data.ts'

type Props = { items: readonly KindState[]; kind: Kind | undefined; onChange: (kind: Kind) => void }

/** The kinds of words, each with how many wait for a meaning. */
export function KindTabs({ items, kind, onChange }: Props) {
  const { t } = useTranslation('mappings')
  const format = useFormat()
  return (
    <Tabs
      value={kind ?? null}
      onChange={(next) => next && onChange(next as Kind)}
      activateTabWithKeyboard={false}
    >
      <Tabs.List>
        {items.map(({ kind: one, unmapped, suggested }) => {
          const open = unmapped + suggested
          return (
            <Tabs.Tab
              key={one}
              value={one}
              rightSection={
                open > 0 && (
                  <Badge
                    size="sm"
                    variant="light"
                    color="orange"
                    aria-label={t('openCount', { count: open })}
                  >
                    {format.count(open)}
                  </Badge>
                )
              }
            >
              {t(`kind.${one}`)}
            </Tabs.Tab>
          )
        })}
      </Tabs.List>
    </Tabs>
  )
}
