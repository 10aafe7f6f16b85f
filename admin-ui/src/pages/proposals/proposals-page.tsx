import { Anchor, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter, Selection } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { toBulkBody, useBulk } from '../../kit/use-bulk.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { useKindName } from './kind-name.ts'
import { StatusBadge } from './status-badge.tsx'
import { useCost } from './use-cost.ts'

type Proposal = Success<Awaited<ReturnType<typeof api.api.proposals.$get>>>['items'][number]

/** What waits for a decision, and what was decided. */
export default function ProposalsPage() {
  const { t } = useTranslation('proposals')
  const navigate = useNavigate()
  const role = useRole()
  const { status } = useSearch({ strict: false }) as { status?: string }
  const canDecide = hasRole(role, 'manager') && (status === undefined || status === 'open')
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <KindChoice />
      <DataTable<Proposal>
        list="proposals"
        topic="proposals"
        label={t('title')}
        columns={useProposalColumns()}
        filters={useProposalFilters()}
        searchLabel={t('search')}
        initialSort="-proposedAt"
        rowId={({ id }) => id}
        readPage={(query) => read(api.api.proposals.$get({ query: query as never }))}
        onOpen={({ id }) => void navigate({ to: `/proposals/${id}` })}
        csvPath="/api/proposals.csv"
        {...(canDecide
          ? { bulk: (selection, clear) => <BulkButtons selection={selection} clear={clear} /> }
          : {})}
        canSelectAll
        empty={{ title: t('none'), hint: t('noneHint') }}
      />
    </PageFrame>
  )
}

/** What waits, by kind. */
const useGroups = () =>
  useQuery({
    queryKey: ['proposals', 'groups'],
    queryFn: () => read(api.api['proposal-groups'].$get({ query: {} })),
  })

/** The kinds of the hub itself; those of plugins are known when one of them waits. */
const ownKinds = ['price_step', 'caps_exceeded', 'end_listings', 'refund'] as const

/** The kinds that wait, with how many there are: one press shows only them. */
function KindChoice() {
  const { t } = useTranslation('proposals')
  const kindName = useKindName()
  const format = useFormat()
  const navigate = useNavigate()
  const { kind: shown } = useSearch({ strict: false }) as { kind?: string }
  const { data } = useGroups()
  const kinds = Map.groupBy(data?.items ?? [], ({ kind }) => kind)
  if (kinds.size < 2) return null
  return (
    <Group gap="xs" role="group" aria-label={t('column.kind')}>
      {[...kinds].map(([kind, found]) => (
        <Button
          key={kind}
          size="compact-sm"
          variant={kind === shown ? 'filled' : 'light'}
          aria-pressed={kind === shown}
          onClick={() => void navigate({ to: '.', search: (kind === shown ? {} : { kind }) as never })}
        >
          {kindName(kind)} ({format.count(found.reduce((sum, { count }) => sum + count, 0))})
        </Button>
      ))}
    </Group>
  )
}

function BulkButtons({ selection, clear }: { selection: Selection; clear: () => void }) {
  const { t } = useTranslation('proposals')
  const json = toBulkBody(selection) as never
  const approve = useBulk(() => read(api.api.bulk['approve-proposals'].$post({ json })), {
    topic: 'proposals',
    said: t('bulk.approveStarted'),
    onStarted: clear,
  })
  const reject = useBulk(() => read(api.api.bulk['reject-proposals'].$post({ json })), {
    topic: 'proposals',
    said: t('bulk.rejectStarted'),
    onStarted: clear,
  })
  return (
    <>
      <ConfirmButton
        size="compact-sm"
        loading={approve.isPending}
        question={t('bulk.approveQuestion')}
        onConfirm={() => approve.mutate({})}
      >
        {t('approve.button')}
      </ConfirmButton>
      <ConfirmButton
        size="compact-sm"
        variant="default"
        loading={reject.isPending}
        question={t('bulk.rejectQuestion')}
        onConfirm={() => reject.mutate({})}
      >
        {t('reject.button')}
      </ConfirmButton>
    </>
  )
}

function useProposalColumns(): Column<Proposal>[] {
  const { t } = useTranslation('proposals')
  const format = useFormat()
  const connections = useConnections()
  const kindName = useKindName()
  const cost = useCost()
  return [
    {
      id: 'title',
      label: t('column.title'),
      cell: ({ id, title }) => (
        <Anchor component={Link} to={`/proposals/${id}`} size="sm" lineClamp={2} dir="auto">
          {title}
        </Anchor>
      ),
    },
    {
      id: 'reason',
      label: t('column.reason'),
      isOptional: true,
      cell: ({ reason }) => (
        <Text size="sm" lineClamp={2} dir="auto">
          {reason}
        </Text>
      ),
    },
    { id: 'kind', label: t('column.kind'), width: 150, cell: ({ kind }) => kindName(kind) },
    {
      id: 'connection',
      label: t('column.connection'),
      width: 130,
      cell: ({ connectionId }) => <span dir="auto">{connections.nameOf(connectionId)}</span>,
    },
    {
      id: 'lines',
      label: t('column.lines'),
      width: 70,
      align: 'end',
      cell: ({ lineCount }) => format.count(lineCount),
    },
    { id: 'costCalls', label: t('column.cost'), sort: 'costCalls', width: 130, cell: (row) => cost(row) },
    {
      id: 'proposedBy',
      label: t('column.proposedBy'),
      width: 120,
      cell: ({ proposedBy }) => (
        <Text size="sm" truncate dir="auto">
          {proposedBy}
        </Text>
      ),
    },
    {
      id: 'proposedAt',
      label: t('column.proposedAt'),
      sort: 'proposedAt',
      width: 130,
      cell: ({ proposedAt }) => <When at={proposedAt} />,
    },
    {
      id: 'status',
      label: t('column.status'),
      width: 110,
      isOptional: true,
      cell: ({ status }) => <StatusBadge status={status} />,
    },
  ]
}

const statuses = ['open', 'applied', 'rejected', 'failed', 'undone', 'superseded'] as const

function useProposalFilters(): Filter[] {
  const { t } = useTranslation('proposals')
  const kindName = useKindName()
  const { kind: shown } = useSearch({ strict: false }) as { kind?: string }
  const waiting = useGroups().data?.items.map(({ kind }) => kind) ?? []
  const kinds = [...new Set([...waiting, ...ownKinds, ...(shown ? [shown] : [])])]
  const connections = useConnections()
  return [
    {
      id: 'status',
      label: t('column.status'),
      kind: 'choice',
      options: statuses.map((value) => ({ value, label: t(`status.${value}`) })),
    },
    {
      id: 'kind',
      label: t('column.kind'),
      kind: 'choice',
      options: kinds.map((value) => ({ value, label: kindName(value) })),
    },
    { id: 'connectionId', label: t('column.connection'), kind: 'choice', options: connections.options },
    { id: 'proposedBy', label: t('column.proposedBy'), kind: 'text' },
  ]
}
