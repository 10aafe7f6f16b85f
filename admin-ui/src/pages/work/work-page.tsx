import { Anchor, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { When } from '../../kit/when.tsx'
import { useWorkName } from '../../kit/work-name.ts'
import { WorkBadge, WorkProgress } from '../../kit/work-progress.tsx'

type Work = Success<Awaited<ReturnType<typeof api.api.work.$get>>>['items'][number]

/** All long work that people asked for, the newest first. */
export default function WorkPage() {
  const { t } = useTranslation('work')
  const navigate = useNavigate()
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <DataTable<Work>
        list="work"
        topic="work"
        label={t('title')}
        columns={useWorkColumns()}
        filters={useWorkFilters()}
        initialSort="-createdAt"
        rowId={({ id }) => id}
        readPage={({ count: _count, ...query }) => read(api.api.work.$get({ query: query as never }))}
        onOpen={({ id }) => void navigate({ to: `/work/${id}` })}
        empty={{ title: t('none'), hint: t('noneHint') }}
      />
    </PageFrame>
  )
}

function useWorkColumns(): Column<Work>[] {
  const { t } = useTranslation('work')
  return [
    { id: 'title', label: t('column.title'), cell: (work) => <WorkTitle work={work} /> },
    { id: 'state', label: t('column.state'), width: 130, cell: ({ state }) => <WorkBadge state={state} /> },
    { id: 'progress', label: t('column.progress'), width: 240, cell: (work) => <WorkProgress work={work} /> },
    {
      id: 'actor',
      label: t('column.actor'),
      width: 180,
      cell: ({ actor }) => (
        <Text size="sm" truncate dir="auto">
          {actor}
        </Text>
      ),
    },
    {
      id: 'createdAt',
      label: t('column.createdAt'),
      sort: 'createdAt',
      width: 140,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: 'finishedAt',
      label: t('column.finishedAt'),
      width: 140,
      cell: ({ finishedAt }) => <When at={finishedAt} />,
    },
  ]
}

function WorkTitle({ work }: { work: Work }) {
  const { name, detail } = useWorkName()(work)
  return (
    <>
      <Anchor component={Link} to={`/work/${work.id}`} size="sm" dir="auto">
        {name}
      </Anchor>
      {detail && (
        <Text size="xs" c="dimmed" truncate dir="auto">
          {detail}
        </Text>
      )}
    </>
  )
}

const states = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const

function useWorkFilters(): Filter[] {
  const { t } = useTranslation('work')
  return [
    {
      id: 'state',
      label: t('column.state'),
      kind: 'choice',
      options: states.map((value) => ({ value, label: t(`kit:work.state.${value}`) })),
    },
    { id: 'actor', label: t('column.actor'), kind: 'text' },
  ]
}
