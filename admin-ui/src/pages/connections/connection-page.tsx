import { Alert, Group, Stack, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { ConnectionCard } from '../overview/connection-card.tsx'
import { useOverview } from '../overview/use-overview.ts'
import { SidePanels } from '../plugins/side-panels.tsx'
import { CapabilitiesTab } from './capabilities-tab.tsx'
import { ConnectionActions } from './connection-actions.tsx'
import { CredentialsTab } from './credentials-tab.tsx'
import { LimitsTab } from './limits-tab.tsx'
import { PricesTab } from './prices-tab.tsx'
import { ScheduleTab } from './schedule-tab.tsx'
import { SettingsTab } from './settings-tab.tsx'
import { StatusBadge } from './status-badge.tsx'
import { useConnectors } from './use-connections.ts'

const tabs = ['state', 'capabilities', 'limits', 'schedule', 'prices', 'settings', 'credentials'] as const
type Tab = (typeof tabs)[number]

/** One connection: how it stands, what it can do, its limits, when its tasks run, and its settings. */
export default function ConnectionPage() {
  const { t } = useTranslation('connections')
  const { id } = useParams({ strict: false }) as { id: string }
  const { tab = 'state' } = useSearch({ strict: false }) as { tab?: Tab }
  const navigate = useNavigate()
  const role = useRole()
  const query = useQuery({
    queryKey: ['connections', 'one', id],
    queryFn: () => read(api.api.connections[':id'].$get({ param: { id } })),
  })
  const connectors = useConnectors().data?.items ?? []
  const state = useOverview().data?.connections.find((one) => one.id === query.data?.id)
  return (
    <QueryView query={query}>
      {(connection) => {
        const connector = connectors.find((one) => one.id === connection.connector)
        const hidden = new Set<Tab>([
          ...(hasRole(role, 'admin') ? [] : (['credentials'] as const)),
          ...(connector?.operations.includes('pushPrices') ? [] : (['prices'] as const)),
        ])
        return (
          <PageFrame title={connection.name} actions={<ConnectionActions connection={connection} />}>
            <Group gap="md" fz="sm">
              <StatusBadge status={connection.status} />
              <span>
                {connector?.name ?? connection.connector} · {connection.currency} · {connection.locale}
              </span>
            </Group>
            {connection.pausedReason && (
              <Alert color="red" title={t('paused')}>
                <span dir="auto">{connection.pausedReason}</span>
              </Alert>
            )}
            <Tabs
              value={tab}
              onChange={(value) =>
                void navigate({ to: '.', search: value === 'state' ? {} : { tab: value } } as never)
              }
              keepMounted={false}
            >
              <Tabs.List>
                {tabs
                  .filter((one) => !hidden.has(one))
                  .map((one) => (
                    <Tabs.Tab key={one} value={one}>
                      {t(`tab.${one}`)}
                    </Tabs.Tab>
                  ))}
              </Tabs.List>
              <Tabs.Panel value="state" pt="md">
                <Stack>
                  {state && <ConnectionCard connection={state} />}
                  <SidePanels slot="connection" subject={connection.id} />
                </Stack>
              </Tabs.Panel>
              <Tabs.Panel value="capabilities" pt="md">
                <CapabilitiesTab id={connection.id} />
              </Tabs.Panel>
              <Tabs.Panel value="limits" pt="md">
                <LimitsTab id={connection.id} />
              </Tabs.Panel>
              <Tabs.Panel value="schedule" pt="md">
                <ScheduleTab id={connection.id} />
              </Tabs.Panel>
              <Tabs.Panel value="prices" pt="md">
                <PricesTab connection={connection} />
              </Tabs.Panel>
              <Tabs.Panel value="settings" pt="md">
                {connector && (
                  <SettingsTab key={connection.revision} connection={connection} connector={connector} />
                )}
              </Tabs.Panel>
              <Tabs.Panel value="credentials" pt="md">
                {connector && <CredentialsTab connection={connection} connector={connector} />}
              </Tabs.Panel>
            </Tabs>
          </PageFrame>
        )
      }}
    </QueryView>
  )
}
