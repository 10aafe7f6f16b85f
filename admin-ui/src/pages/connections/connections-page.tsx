import { Anchor, Button, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { StatusBadge } from './status-badge.tsx'
import { useConnections, useConnectors } from './use-connections.ts'

/** Every account on a marketplace or with a courier. */
export default function ConnectionsPage() {
  const { t } = useTranslation('connections')
  const query = useConnections()
  const connectors = useConnectors().data?.items ?? []
  const nameOf = (id: string) => connectors.find((one) => one.id === id)?.name ?? id
  const add = hasRole(useRole(), 'admin') && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      renderRoot={(props) => <Link {...props} to="/connections/add" />}
    >
      {t('add.open')}
    </Button>
  )
  return (
    <PageFrame title={t('title')} hint={t('hint')} actions={add}>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('none')} hint={t('noneHint')} action={add} />
          ) : (
            <ScrollRegion label={t('title')}>
              <Table striped highlightOnHover withTableBorder miw={700}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('column.name')}</Table.Th>
                    <Table.Th>{t('column.connector')}</Table.Th>
                    <Table.Th>{t('column.status')}</Table.Th>
                    <Table.Th>{t('column.sells')}</Table.Th>
                    <Table.Th>{t('column.credentials')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(
                    ({
                      id,
                      name,
                      connector,
                      status,
                      pausedReason,
                      currency,
                      locale,
                      credentialsUpdatedAt,
                    }) => (
                      <Table.Tr key={id}>
                        <Table.Td>
                          <Anchor
                            renderRoot={(props) => (
                              <Link {...props} to="/connections/$id" params={{ id } as never} />
                            )}
                          >
                            <span dir="auto">{name}</span>
                          </Anchor>
                        </Table.Td>
                        <Table.Td>{nameOf(connector)}</Table.Td>
                        <Table.Td>
                          <StatusBadge status={status} />
                          {pausedReason && (
                            <Text size="xs" c="dimmed" lineClamp={2} dir="auto" title={pausedReason}>
                              {pausedReason}
                            </Text>
                          )}
                        </Table.Td>
                        <Table.Td>
                          {currency} · {locale}
                        </Table.Td>
                        <Table.Td>
                          <When at={credentialsUpdatedAt} />
                        </Table.Td>
                      </Table.Tr>
                    ),
                  )}
                </Table.Tbody>
              </Table>
            </ScrollRegion>
          )
        }
      </QueryView>
    </PageFrame>
  )
}
