import { Button, Stack, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Loading } from '../../kit/loading.tsx'
import { MoneyText } from '../../kit/money-text.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useFormat } from '../../kit/use-format.ts'

const linesAtOnce = '200'

/** What a value of a diff is written as: texts as they are, nothing as a dash, the rest as JSON. */
export const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? '—'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

const isMoney = (value: unknown): value is { minor: number; currency: string } => {
  const { minor, currency } = (value ?? {}) as { minor?: unknown; currency?: unknown }
  return typeof minor === 'number' && typeof currency === 'string'
}

/** A value of a diff: money as money, all else as it stands. */
const Said = ({ value }: { value: unknown }) => (isMoney(value) ? <MoneyText {...value} /> : textOf(value))

/** The whole diff of a proposal, read on as it is asked for. */
export function DiffTable({ id, lineCount }: { id: string; lineCount: number }) {
  const { t } = useTranslation('proposals')
  const format = useFormat()
  const found = useInfiniteQuery({
    queryKey: ['proposals', id, 'diff'],
    queryFn: ({ pageParam }) =>
      read(
        api.api.proposals[':id'].diff.$get({
          param: { id },
          query: { limit: linesAtOnce, ...(pageParam === null ? {} : { after: pageParam }) },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  const lines = found.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Stack gap="xs">
      <Title order={2}>{t('diff.title')}</Title>
      <Text size="sm" c="dimmed">
        {t('diff.shown', { shown: format.count(lines.length), total: format.count(lineCount) })}
      </Text>
      {found.error && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading />}
      {lines.length > 0 && (
        <ScrollRegion label={t('diff.title')} maxHeight={600}>
          <Table stickyHeader striped withTableBorder miw={480}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('diff.subject')}</Table.Th>
                <Table.Th>{t('diff.field')}</Table.Th>
                <Table.Th>{t('diff.from')}</Table.Th>
                <Table.Th>{t('diff.to')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.map(({ position, subject, field, from, to }) => (
                <Table.Tr key={position}>
                  <Table.Td dir="auto">{subject}</Table.Td>
                  <Table.Td>{field}</Table.Td>
                  <Table.Td dir="auto">
                    <Said value={from} />
                  </Table.Td>
                  <Table.Td dir="auto" fw={600}>
                    <Said value={to} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('diff.more')}
        </Button>
      )}
    </Stack>
  )
}
