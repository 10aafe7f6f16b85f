import { Anchor, Badge, Code, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'

/** What the connector can and cannot do, what it was checked against, and how it goes here. */
export function CapabilitiesTab({ id }: { id: string }) {
  const { t } = useTranslation('connections')
  const format = useFormat()
  const query = useQuery({
    queryKey: ['connections', id, 'capabilities'],
    queryFn: () => read(api.api.connections[':id'].capabilities.$get({ param: { id } })),
    refetchInterval: 15_000,
  })
  return (
    <QueryView query={query}>
      {({ items, webhook }) => (
        <Stack>
          <ScrollRegion label={t('tab.capabilities')}>
            <Table striped withTableBorder miw={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('capability.operation')}</Table.Th>
                  <Table.Th>{t('capability.verified')}</Table.Th>
                  <Table.Th>{t('capability.lastSuccess')}</Table.Th>
                  <Table.Th>{t('capability.lastFailure')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => (
                  <Table.Tr key={one.operation}>
                    <Table.Td>
                      {t(`operation.${one.operation}`)}
                      {!one.isOffered && (
                        <Badge ml="xs" variant="light" color="gray">
                          {t('capability.lacking')}
                        </Badge>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {one.verifiedBy.map((proof) => (
                        <Text key={proof.document} size="sm">
                          <Anchor
                            underline="always"
                            href={proof.url}
                            target="_blank"
                            rel="noreferrer"
                            size="sm"
                          >
                            {proof.document} {proof.version}
                          </Anchor>{' '}
                          ({t(`capability.by.${proof.by}`)})
                        </Text>
                      ))}
                      {one.isOffered && one.verifiedBy.length === 0 && (
                        <Text size="sm" c="dimmed">
                          {t('capability.unverified')}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {one.lastSuccessAt ? (
                        <>
                          <When at={one.lastSuccessAt} />
                          <Text size="xs" c="dimmed">
                            {t('capability.successes', {
                              count: one.successes,
                              shown: format.count(one.successes),
                            })}
                          </Text>
                        </>
                      ) : (
                        one.isOffered && t('capability.never')
                      )}
                    </Table.Td>
                    <Table.Td maw={360}>
                      {one.lastFailureAt && one.lastFailureKind && (
                        <>
                          <When at={one.lastFailureAt} /> · {t(`failure.${one.lastFailureKind}`)}
                          <Text size="xs" lineClamp={3} dir="auto" title={one.lastFailureMessage ?? ''}>
                            {one.lastFailureMessage}
                          </Text>
                        </>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollRegion>
          <section>
            <Title order={2} size="h4">
              {t('webhook.title')}
            </Title>
            {webhook ? (
              <Stack gap={4}>
                <Text size="sm">{t('webhook.hint')}</Text>
                <Code block>{`${location.origin}${webhook.path}`}</Code>
                {webhook.receipts.length === 0 && (
                  <Text size="sm" c="dimmed">
                    {t('webhook.never')}
                  </Text>
                )}
                {webhook.receipts.map(({ outcome, lastAt, received }) => (
                  <Text key={outcome} size="sm">
                    {t(`webhook.${outcome}`, { count: received })} <When at={lastAt} />
                  </Text>
                ))}
              </Stack>
            ) : (
              <Text size="sm" c="dimmed">
                {t('webhook.none')}
              </Text>
            )}
          </section>
        </Stack>
      )}
    </QueryView>
  )
}
