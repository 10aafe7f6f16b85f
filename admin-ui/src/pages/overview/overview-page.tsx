import { Button, SimpleGrid, Stack, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { SidePanels } from '../plugins/side-panels.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { OpenWork, ShipFigures } from './open-work.tsx'
import { Plots } from './plots.tsx'
import { useOverview } from './use-overview.ts'
import { VerdictBanner } from './verdict-banner.tsx'

/** What the hub is doing, and what to do first. */
export default function OverviewPage() {
  const { t } = useTranslation('overview')
  const query = useOverview()
  const mayAdd = hasRole(useRole(), 'admin')
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <QueryView query={query}>
        {(overview) => (
          <Stack gap="lg">
            <VerdictBanner verdict={overview.verdict} />
            {overview.connections.length === 0 ? (
              <EmptyState
                title={t('noConnections')}
                hint={t('noConnectionsHint')}
                action={
                  mayAdd && (
                    <Button renderRoot={(props) => <Link {...props} to="/connections/add" />}>
                      {t('addConnection')}
                    </Button>
                  )
                }
              />
            ) : (
              <>
                <ShipFigures orders={overview.orders} />
                <OpenWork overview={overview} />
                <section>
                  <Title order={2} size="h4" mb="xs">
                    {t('connections')}
                  </Title>
                  <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
                    {overview.connections.map((connection) => (
                      <ConnectionCard key={connection.id} connection={connection} />
                    ))}
                  </SimpleGrid>
                </section>
                <Plots overview={overview} />
              </>
            )}
            <SidePanels slot="overview" />
          </Stack>
        )}
      </QueryView>
    </PageFrame>
  )
}
