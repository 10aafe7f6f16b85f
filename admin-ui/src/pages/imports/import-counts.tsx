import { Card, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'

const always = ['rows', 'created', 'changed', 'same', 'rejected'] as const
const ifAny = ['pricesSet', 'stockSet', 'duplicates', 'superseded', 'noLines', 'paymentDifferences'] as const

/** What became of the rows of a file, or would become. */
export function ImportCounts({ counts }: { counts: Record<string, number> }) {
  const { t } = useTranslation('imports')
  const format = useFormat()
  const shown = [...always, ...ifAny.filter((name) => (counts[name] ?? 0) > 0)]
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} spacing="xs">
      {shown.map((name) => (
        <Card key={name} withBorder padding="xs">
          <Text size="xs" c="dimmed">
            {t(`count.${name}`)}
          </Text>
          <Text fw={600} fz="lg" c={name === 'rejected' && (counts.rejected ?? 0) > 0 ? 'red' : 'inherit'}>
            {format.count(counts[name] ?? 0)}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  )
}
