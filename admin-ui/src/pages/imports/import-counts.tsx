import { Card, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../kit/use-format.ts'

type Counts = Record<string, number>

const ofRecords = ['rows', 'created', 'changed', 'same', 'rejected'] as const
/** Counts that are shown only where there is something to say. */
const ifAny = ['pricesSet', 'stockSet', 'duplicates', 'superseded', 'noLines', 'paymentDifferences'] as const

/** A file of prices or stock makes no records: what it did not set was the same already. */
const unsetOf = (counts: Counts, set: number): number =>
  (counts.rows ?? 0) - set - (counts.rejected ?? 0) - (counts.duplicates ?? 0)

function shownOf(counts: Counts, kind: string | null): [string, number][] {
  const set = kind === 'prices' ? 'pricesSet' : kind === 'stock' ? 'stockSet' : null
  if (set)
    return [
      ['rows', counts.rows ?? 0],
      [set, counts[set] ?? 0],
      ['same', unsetOf(counts, counts[set] ?? 0)],
      ['rejected', counts.rejected ?? 0],
    ]
  return [...ofRecords, ...ifAny.filter((name) => (counts[name] ?? 0) > 0)].map((name) => [
    name,
    counts[name] ?? 0,
  ])
}

/** What became of the rows of a file, or would become. */
export function ImportCounts({ counts, kind }: { counts: Counts; kind: string | null }) {
  const { t } = useTranslation('imports')
  const format = useFormat()
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} spacing="xs">
      {shownOf(counts, kind).map(([name, value]) => (
        <Card key={name} withBorder padding="xs">
          <Text size="xs" c="dimmed">
            {t(`count.${name}`)}
          </Text>
          <Text fw={600} fz="lg" c={name === 'rejected' && value > 0 ? 'red.8' : 'inherit'}>
            {format.count(value)}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  )
}
