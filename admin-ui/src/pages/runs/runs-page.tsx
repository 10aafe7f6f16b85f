import { Button, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { ListPage } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { useConnectionNames, useConnections } from '../connections/use-connections.ts'
import { type Run, RunBadge, RunCounts, useDuration } from './run-parts.tsx'

const tasks = ['orders', 'once', 'push:content', 'push:price', 'push:stock', 'reconcile', 'tracking'] as const
const outcomes = ['running', 'done', 'failed', 'cancelled'] as const

/** What the tasks of all connections did, the latest first. */
export default function RunsPage() {
  const { t } = useTranslation('runs')
  const navigate = useNavigate()
  const nameOf = useConnectionNames()
  const duration = useDuration()
  const mayRead = hasRole(useRole(), 'operator')
  const connections = useConnections().data?.items ?? []
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      actions={
        mayRead && (
          <Button variant="default" renderRoot={(props) => <Link {...props} to="/calls" />}>
            {t('calls.title')}
          </Button>
        )
      }
    >
      <DataTable<Run>
        list="runs"
        topic="runs"
        label={t('title')}
        initialSort="-startedAt"
        rowId={(run) => run.id}
        readPage={(query) => read(api.api.runs.$get({ query: query as never })) as Promise<ListPage<Run>>}
        onOpen={({ id }) => void navigate({ to: '/runs/$id', params: { id } } as never)}
        filters={[
          {
            id: 'connectionId',
            label: t('column.connection'),
            kind: 'choice',
            options: connections.map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            id: 'task',
            label: t('column.task'),
            kind: 'choice',
            options: tasks.map((task) => ({ value: task, label: t(`task.${task.replace(':', '_')}`) })),
          },
          {
            id: 'outcome',
            label: t('column.outcome'),
            kind: 'choice',
            options: outcomes.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) })),
          },
          { id: 'idle', label: t('withIdle'), kind: 'flag' },
        ]}
        columns={[
          {
            id: 'startedAt',
            label: t('column.started'),
            cell: (run) => <When at={run.startedAt} />,
            width: 130,
          },
          {
            id: 'connection',
            label: t('column.connection'),
            cell: (run) => <span dir="auto">{nameOf(run.connectionId)}</span>,
            width: 160,
          },
          {
            id: 'task',
            label: t('column.task'),
            cell: (run) => t(`task.${run.task.replace(':', '_')}`, { defaultValue: run.task }),
            width: 150,
          },
          { id: 'outcome', label: t('column.outcome'), cell: (run) => <RunBadge run={run} />, width: 120 },
          {
            id: 'counts',
            label: t('column.did'),
            cell: (run) =>
              run.error ? (
                <Text size="sm" lineClamp={1} dir="auto" title={run.error}>
                  {run.error}
                </Text>
              ) : (
                <RunCounts counts={run.counts} />
              ),
          },
          { id: 'duration', label: t('column.took'), cell: duration, align: 'end', width: 90 },
          {
            id: 'calls',
            label: t('column.calls'),
            cell: (run) => (run.failedCalls > 0 ? `${run.calls} (${run.failedCalls})` : run.calls),
            align: 'end',
            width: 90,
          },
        ]}
        empty={{ title: t('none'), hint: t('noneHint') }}
      />
    </PageFrame>
  )
}
