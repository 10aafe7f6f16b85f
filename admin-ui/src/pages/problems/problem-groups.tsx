import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { Loading } from '../../kit/loading.tsx'
import { useBulk } from '../../kit/use-bulk.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { VendorWords } from '../../kit/vendor-words.tsx'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { SeverityBadge } from './severity-badge.tsx'
import { useKindWords } from './use-kind-words.ts'

const groupsAtOnce = '50'
const readGroups = (after: string | null) =>
  read(
    api.api['problem-groups'].$get({ query: { limit: groupsAtOnce, ...(after === null ? {} : { after }) } }),
  )
type ProblemGroup = Success<Awaited<ReturnType<(typeof api.api)['problem-groups']['$get']>>>['items'][number]

/** Problems by what they have in common, the largest group first. */
export function ProblemGroups() {
  const { t } = useTranslation('problems')
  const found = useInfiniteQuery({
    queryKey: ['problems', 'groups'],
    queryFn: ({ pageParam }) => readGroups(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  const groups = found.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Stack gap="sm">
      {found.error && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading />}
      {found.data && groups.length === 0 && <EmptyState title={t('none')} hint={t('noneHint')} />}
      {groups.map((group) => (
        <GroupCard key={`${group.kind} ${group.connectionId} ${group.cause}`} group={group} />
      ))}
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}

function GroupCard({ group }: { group: ProblemGroup }) {
  const { t } = useTranslation('problems')
  const format = useFormat()
  const connections = useConnections()
  const words = useKindWords()
  const { kind, connectionId, count, sample } = group
  const title = t(`kind.${kind}`, { defaultValue: kind })
  return (
    <Card withBorder component="section" aria-label={title} padding="md">
      <Group justify="space-between" align="flex-start" gap="xs">
        <Group gap="xs">
          <SeverityBadge severity={group.severity} />
          <Text fw={600}>{title}</Text>
          {connectionId && (
            <Text c="dimmed" size="sm" dir="auto">
              {connections.nameOf(connectionId)}
            </Text>
          )}
        </Group>
        <Text size="sm">
          {t('group.count', { count, shown: format.count(count) })} · {t('group.oldest')}{' '}
          <When at={group.oldest} />
        </Text>
      </Group>
      <Text size="sm" mt="xs" dir="auto" lineClamp={3}>
        {sample.message}
      </Text>
      <VendorWords text={sample.vendorMessage} />
      <Text size="sm" mt="xs">
        <b>{t('holdsUp')}:</b> <span dir="auto">{words.holdsUp(kind, group.holdsUp)}</span>
      </Text>
      <Text size="sm">
        <b>{t('remedy')}:</b> <span dir="auto">{words.remedy(kind, group.remedy)}</span>
      </Text>
      <GroupActions group={group} />
    </Card>
  )
}

function GroupActions({
  group: { kind, connectionId, cause, count, canRetry, sample },
}: {
  group: ProblemGroup
}) {
  const { t } = useTranslation('problems')
  const role = useRole()
  const chosen = { kind, cause, ...(connectionId === null ? {} : { connectionId }) }
  const json = { filter: chosen }
  const retry = useBulk(() => read(api.api.bulk['retry-problems'].$post({ json })), {
    topic: 'problems',
    said: t('bulk.retryStarted'),
  })
  const resolve = useBulk(() => read(api.api.bulk['resolve-problems'].$post({ json })), {
    topic: 'problems',
    said: t('bulk.resolveStarted'),
  })
  const mayAct = hasRole(role, 'operator')
  const search = { view: 'all', ...chosen }
  return (
    <Group gap="xs" mt="sm">
      {count === 1 ? (
        <Button component={Link} to={`/problems/${sample.id}`} variant="default" size="xs">
          {t('open')}
        </Button>
      ) : (
        <Button
          variant="default"
          size="xs"
          renderRoot={(props) => <Link to="/problems" search={search as never} {...props} />}
        >
          {t('group.show')}
        </Button>
      )}
      {mayAct && canRetry && (
        <Button size="xs" variant="light" loading={retry.isPending} onClick={() => retry.mutate({})}>
          {t(count === 1 ? 'retry.button' : 'group.retry')}
        </Button>
      )}
      {mayAct && kind !== 'needs_decision' && (
        <ConfirmButton
          size="xs"
          variant="subtle"
          loading={resolve.isPending}
          question={t('group.resolveQuestion', { count })}
          onConfirm={() => resolve.mutate({})}
        >
          {t(count === 1 ? 'resolve.button' : 'group.resolve')}
        </ConfirmButton>
      )}
    </Group>
  )
}
