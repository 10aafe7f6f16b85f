import { Anchor, Badge, Card, Group, Stack, Switch, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { usePluginsQuery } from './use-plugins.ts'

/** What is installed, what each plugin brings, and the switch for each. */
export default function PluginsPage() {
  const { t } = useTranslation('plugins')
  const query = usePluginsQuery()
  const role = useRole()
  const toggle = useAction({
    run: ({ id, isOn }: { id: string; isOn: boolean }) =>
      read(
        isOn
          ? api.api.plugins[':id'].enable.$post({ param: { id } })
          : api.api.plugins[':id'].disable.$post({ param: { id } }),
      ),
    topics: ['plugins'],
  })
  return (
    <PageFrame title={t('installed.title')} hint={t('installed.hint')}>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('installed.none')} hint={t('installed.noneHint')} />
          ) : (
            <Stack gap="sm">
              {items.map(({ id, name, isEnabled, events, jobs, proposals }) => (
                <Card key={id} withBorder padding="md">
                  <Group justify="space-between" wrap="nowrap">
                    <Anchor component={Link} to={`/plugin/${id}`} fw={600}>
                      {name}
                    </Anchor>
                    <Switch
                      aria-label={t('installed.isOn', { name })}
                      checked={isEnabled}
                      disabled={!hasRole(role, 'manager') || toggle.isPending}
                      onChange={(event) => toggle.mutate({ id, isOn: event.currentTarget.checked })}
                    />
                  </Group>
                  <Group gap={6} mt="xs">
                    {jobs.map((job) => (
                      <Badge key={job.id} variant="light">
                        {t('installed.job', job)}
                      </Badge>
                    ))}
                  </Group>
                  {events.length > 0 && (
                    <Text size="sm" c="dimmed" mt={4}>
                      {t('installed.events', { events: events.join(', ') })}
                    </Text>
                  )}
                  {proposals.length > 0 && (
                    <Text size="sm" c="dimmed">
                      {t('installed.proposals', { proposals: proposals.join(', ') })}
                    </Text>
                  )}
                </Card>
              ))}
            </Stack>
          )
        }
      </QueryView>
    </PageFrame>
  )
}
