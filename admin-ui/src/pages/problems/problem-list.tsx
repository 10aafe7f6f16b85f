import { Anchor, Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter, Selection } from '../../kit/data-table/types.ts'
import { SubjectLink } from '../../kit/subject-link.tsx'
import { toBulkBody, useBulk } from '../../kit/use-bulk.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { SeverityBadge } from './severity-badge.tsx'

type Problem = Success<Awaited<ReturnType<typeof api.api.problems.$get>>>['items'][number]

/** Every problem by itself, open or resolved. */
export function ProblemList() {
  const { t } = useTranslation('problems')
  const navigate = useNavigate()
  const role = useRole()
  return (
    <DataTable<Problem>
      list="problems"
      topic="problems"
      label={t('title')}
      columns={useProblemColumns()}
      filters={useProblemFilters()}
      searchLabel={t('search')}
      initialSort="-lastSeenAt"
      rowId={({ id }) => id}
      readPage={(query) => read(api.api.problems.$get({ query: query as never }))}
      onOpen={({ id }) => void navigate({ to: `/problems/${id}` })}
      csvPath="/api/problems.csv"
      {...(hasRole(role, 'operator')
        ? { bulk: (selection, clear) => <BulkButtons selection={selection} clear={clear} /> }
        : {})}
      canSelectAll
      empty={{ title: t('none'), hint: t('noneHint') }}
    />
  )
}

function BulkButtons({ selection, clear }: { selection: Selection; clear: () => void }) {
  const { t } = useTranslation('problems')
  const json = toBulkBody(selection) as never
  const retry = useBulk(() => read(api.api.bulk['retry-problems'].$post({ json })), {
    topic: 'problems',
    said: t('bulk.retryStarted'),
    onStarted: clear,
  })
  const resolve = useBulk(() => read(api.api.bulk['resolve-problems'].$post({ json })), {
    topic: 'problems',
    said: t('bulk.resolveStarted'),
    onStarted: clear,
  })
  return (
    <>
      <Button size="compact-sm" variant="light" loading={retry.isPending} onClick={() => retry.mutate({})}>
        {t('retry.button')}
      </Button>
      <ConfirmButton
        size="compact-sm"
        variant="light"
        loading={resolve.isPending}
        question={t('bulk.resolveQuestion')}
        onConfirm={() => resolve.mutate({})}
      >
        {t('resolve.button')}
      </ConfirmButton>
    </>
  )
}

function useProblemColumns(): Column<Problem>[] {
  const { t } = useTranslation('problems')
  const format = useFormat()
  const connections = useConnections()
  return [
    {
      id: 'message',
      label: t('column.message'),
      cell: ({ id, message }) => (
        <Anchor component={Link} to={`/problems/${id}`} size="sm" lineClamp={2} dir="auto">
          {message}
        </Anchor>
      ),
    },
    {
      id: 'kind',
      label: t('column.kind'),
      width: 150,
      cell: ({ kind }) => <Text size="sm">{t(`kind.${kind}`, { defaultValue: kind })}</Text>,
    },
    {
      id: 'severity',
      label: t('column.severity'),
      width: 100,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      id: 'connection',
      label: t('column.connection'),
      width: 130,
      cell: ({ connectionId }) => <span dir="auto">{connections.nameOf(connectionId)}</span>,
    },
    {
      id: 'subject',
      label: t('column.subject'),
      width: 170,
      isOptional: true,
      cell: ({ subject }) => <SubjectLink subject={subject} />,
    },
    {
      id: 'vendorMessage',
      label: t('column.vendorMessage'),
      isOptional: true,
      cell: ({ vendorMessage }) => (
        <Text size="sm" lineClamp={2} dir="auto">
          {vendorMessage}
        </Text>
      ),
    },
    {
      id: 'since',
      label: t('column.since'),
      sort: 'since',
      width: 120,
      cell: ({ since }) => <When at={since} />,
    },
    {
      id: 'lastSeenAt',
      label: t('column.lastSeenAt'),
      sort: 'lastSeenAt',
      width: 120,
      cell: ({ lastSeenAt }) => <When at={lastSeenAt} />,
    },
    {
      id: 'timesSeen',
      label: t('column.timesSeen'),
      sort: 'timesSeen',
      width: 70,
      align: 'end',
      cell: ({ timesSeen }) => format.count(timesSeen),
    },
    {
      id: 'resolvedAt',
      label: t('column.resolvedAt'),
      sort: 'resolvedAt',
      width: 130,
      isOptional: true,
      cell: ({ resolvedAt }) => <When at={resolvedAt} />,
    },
  ]
}

const subjectKinds = ['listing', 'order', 'product', 'shipment', 'connection'] as const

function useProblemFilters(): Filter[] {
  const { t } = useTranslation('problems')
  const connections = useConnections()
  const kinds = useQuery({
    queryKey: ['problem-kinds'],
    queryFn: () => read(api.api['problem-kinds'].$get()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return [
    {
      id: 'kind',
      label: t('column.kind'),
      kind: 'choice',
      options: (kinds.data?.items ?? []).map(({ kind }) => ({
        value: kind,
        label: t(`kind.${kind}`, { defaultValue: kind }),
      })),
    },
    { id: 'connectionId', label: t('column.connection'), kind: 'choice', options: connections.options },
    {
      id: 'subjectKind',
      label: t('filter.subjectKind'),
      kind: 'choice',
      options: subjectKinds.map((value) => ({ value, label: t(`subjectKind.${value}`) })),
    },
    {
      id: 'state',
      label: t('filter.state'),
      kind: 'choice',
      options: (['open', 'resolved'] as const).map((value) => ({ value, label: t(`state.${value}`) })),
    },
    { id: 'cause', label: t('filter.cause'), kind: 'text' },
  ]
}
