import { Badge, Group, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PanelBlock } from '../../../../core/sdk/panel.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { useFormat } from '../../kit/use-format.ts'

type Block = Extract<PanelBlock, { kind: 'calendar' }>

/** What happens when, by the month in which it begins. */
export function PanelCalendar({ block: { title, entries } }: { block: Block }) {
  const { t } = useTranslation('plugins')
  const format = useFormat()
  const inOrder = [...entries].sort((a, b) => a.from.localeCompare(b.from))
  const months = Map.groupBy(inOrder, ({ from }) => from.slice(0, 7))
  const monthName = (month: string) =>
    new Intl.DateTimeFormat(format.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
      new Date(`${month}-01`),
    )
  return (
    <section aria-label={title}>
      <Text fw={600} mb="xs" component="h2" dir="auto">
        {title}
      </Text>
      {entries.length === 0 && <EmptyState title={t('panel.noEntries')} />}
      <Stack>
        {[...months].map(([month, found]) => (
          <div key={month}>
            <Text size="sm" c="dimmed" component="h3">
              {monthName(month)}
            </Text>
            <Stack gap={6}>
              {found.map((entry) => (
                <Paper key={entry.id} withBorder p="xs">
                  <Group justify="space-between">
                    <Text fw={500} dir="auto">
                      {entry.title}
                    </Text>
                    <Badge variant="light">{entry.state}</Badge>
                  </Group>
                  <Text size="sm" c="dimmed">
                    {format.instant(entry.from)} – {format.instant(entry.to)}
                  </Text>
                </Paper>
              ))}
            </Stack>
          </div>
        ))}
      </Stack>
    </section>
  )
}
