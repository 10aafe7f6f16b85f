import { Button, Card, Group, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'

/** What would happen, and be sent, if it were tried again now; and the button that does it. */
export function RetryPanel({ id }: { id: string }) {
  const { t } = useTranslation('problems')
  const query = useQuery({
    queryKey: ['problems', id, 'retry'],
    queryFn: () => read(api.api.problems[':id'].retry.$get({ param: { id } })),
    retry: false,
  })
  const retry = useAction({
    run: () => read(api.api.problems[':id'].retry.$post({ param: { id } })),
    topics: ['problems', 'listings'],
    done: t('retry.started'),
  })
  return (
    <Card withBorder component="section" aria-label={t('retry.title')}>
      <Text fw={600}>{t('retry.title')}</Text>
      <QueryView query={query}>
        {({ message, items }) => (
          <>
            <Text size="sm" dir="auto">
              {message}
            </Text>
            {items.flatMap(({ sku, aspect, changes, reason }) => [
              ...changes.map(({ field, from, to }) => (
                <Table key={`${aspect}${field}`} aria-label={t('retry.sent')} mt="xs" layout="fixed">
                  <Table.Tbody>
                    <Table.Tr>
                      <Table.Th>
                        {sku} · {field}
                      </Table.Th>
                      <Table.Td dir="auto">{from ?? '—'}</Table.Td>
                      <Table.Td dir="auto" fw={600}>
                        {to ?? '—'}
                      </Table.Td>
                    </Table.Tr>
                  </Table.Tbody>
                </Table>
              )),
              reason && (
                <Text key={`${aspect}-reason`} size="sm" c="dimmed" dir="auto">
                  {reason}
                </Text>
              ),
            ])}
            <Group mt="sm">
              <Button loading={retry.isPending} onClick={() => retry.mutate()}>
                {t('retry.button')}
              </Button>
            </Group>
          </>
        )}
      </QueryView>
    </Card>
  )
}
