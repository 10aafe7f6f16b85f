import { ActionIcon, Anchor, Card, Drawer, Group, Indicator, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconProgress } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../api.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { QueryView } from '../kit/query-view.tsx'
import { When } from '../kit/when.tsx'
import { WorkActions } from '../kit/work-actions.tsx'
import { useWorkName } from '../kit/work-name.ts'
import { isOver, WorkBadge, WorkProgress } from '../kit/work-progress.tsx'
import { hasRole } from './page.ts'
import { useRole } from './use-me.ts'

/** While work is under way its state is asked for this often, should the live connection be lost. */
const askAgainMs = 4_000
const shown = '15'

/** The work under way, from every page: how far it is, its result, and the way to stop it. */
export function WorkMenu() {
  const { t } = useTranslation('shell')
  const [isOpen, { open, close }] = useDisclosure(false)
  const query = useQuery({
    queryKey: ['work', 'recent'],
    queryFn: () => read(api.api.work.$get({ query: { limit: shown } })),
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ state }) => !isOver(state)) ? askAgainMs : false,
  })
  const running = query.data?.items.filter(({ state }) => !isOver(state)).length ?? 0
  return (
    <>
      <Indicator label={running} size={16} disabled={running === 0} aria-live="polite">
        <ActionIcon
          variant="default"
          size="md"
          onClick={open}
          aria-label={running > 0 ? t('work.openCount', { count: running }) : t('work.open')}
        >
          <IconProgress size={16} aria-hidden />
        </ActionIcon>
      </Indicator>
      <Drawer
        opened={isOpen}
        onClose={close}
        position="right"
        title={t('work.title')}
        closeButtonProps={{ 'aria-label': t('kit:close') }}
      >
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('work.none')} hint={t('work.noneHint')} />
            ) : (
              <Stack gap="sm">
                {items.map((work) => (
                  <WorkCard key={work.id} work={work} onLeave={close} />
                ))}
                <Anchor component={Link} to="/work" onClick={close} size="sm">
                  {t('work.all')}
                </Anchor>
              </Stack>
            )
          }
        </QueryView>
      </Drawer>
    </>
  )
}

type RecentWork = Parameters<typeof WorkProgress>[0]['work'] & {
  id: string
  actor: string
  createdAt: string
  error: string | null
}

function WorkCard({ work, onLeave }: { work: RecentWork; onLeave: () => void }) {
  const role = useRole()
  const { name, detail } = useWorkName()(work)
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb={6}>
        <div style={{ minWidth: 0 }}>
          <Anchor component={Link} to={`/work/${work.id}`} onClick={onLeave} size="sm" fw={600} dir="auto">
            {name}
          </Anchor>
          {detail && (
            <Text size="xs" c="dimmed" dir="auto">
              {detail}
            </Text>
          )}
        </div>
        <WorkBadge state={work.state} />
      </Group>
      <WorkProgress work={work} />
      {work.error && (
        <Text size="xs" c="red" dir="auto" lineClamp={3}>
          {work.error}
        </Text>
      )}
      <Group justify="space-between" mt={6}>
        <Text size="xs" c="dimmed" dir="auto">
          {work.actor}, <When at={work.createdAt} />
        </Text>
        {!isOver(work.state) && hasRole(role, 'operator') && (
          <WorkActions id={work.id} state={work.state} size="compact-xs" />
        )}
      </Group>
    </Card>
  )
}
