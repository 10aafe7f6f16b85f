import { Badge, Button, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { ListPage } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { type Job, stateColours } from './job-data.ts'
import { JobDrawer } from './job-drawer.tsx'
import { QueueCards, queueNames } from './queue-cards.tsx'

const states = ['created', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const

/** The queues of the workers: what waits, what is worked, and what failed for good. */
export default function JobsPage() {
  const { t } = useTranslation('jobs')
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { job?: string; queue?: string }
  const mayChange = hasRole(useRole(), 'admin')
  const open = (job: string | undefined) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, job }) } as never)
  const redrive = useAction({
    run: () => read(api.api.jobs.redrive.$post({ json: {} })),
    topics: ['jobs'],
    done: ({ moved }) => t('redrive.done', { count: moved }),
  })
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      actions={
        mayChange && (
          <ConfirmButton
            variant="default"
            question={t('redrive.question')}
            loading={redrive.isPending}
            onConfirm={() => redrive.mutate()}
          >
            {t('redrive.button')}
          </ConfirmButton>
        )
      }
    >
      <QueueCards />
      <DataTable<Job>
        list="jobs"
        topic="jobs"
        label={t('list')}
        initialSort="-createdAt"
        rowId={(job) => job.id}
        readPage={(query) => read(api.api.jobs.$get({ query: query as never })) as Promise<ListPage<Job>>}
        onOpen={({ id }) => open(id)}
        filters={[
          {
            id: 'queue',
            label: t('column.queue'),
            kind: 'choice',
            options: queueNames.map((queue) => ({ value: queue, label: t(`queue.${queue}`) })),
          },
          {
            id: 'state',
            label: t('column.state'),
            kind: 'choice',
            options: states.map((state) => ({ value: state, label: t(`state.${state}`) })),
          },
        ]}
        columns={[
          {
            id: 'queue',
            label: t('column.queue'),
            cell: (job) => t(`queue.${job.queue}`, { defaultValue: job.queue }),
            width: 170,
          },
          {
            id: 'state',
            label: t('column.state'),
            cell: (job) => (
              <Badge variant="light" color={stateColours[job.state]}>
                {t(`state.${job.state}`)}
              </Badge>
            ),
            width: 130,
          },
          {
            id: 'key',
            label: t('column.key'),
            cell: (job) => (
              <Text size="sm" ff="monospace" lineClamp={1} title={job.key ?? ''}>
                {job.key ?? '—'}
              </Text>
            ),
          },
          {
            id: 'createdAt',
            label: t('column.created'),
            cell: (job) => <When at={job.createdAt} />,
            width: 140,
          },
          {
            id: 'tries',
            label: t('column.tries'),
            cell: (job) => `${job.retryCount} / ${job.retryLimit}`,
            align: 'end',
            width: 90,
          },
          {
            id: 'error',
            label: t('column.error'),
            cell: (job) => (
              <Text size="sm" lineClamp={1} dir="auto" title={job.error ?? ''}>
                {job.error}
              </Text>
            ),
          },
        ]}
        empty={{ title: t('none'), hint: t('noneHint') }}
        height="420px"
      />
      <JobDrawer id={search.job ?? null} onClose={() => open(undefined)} />
      {search.queue && (
        <Button
          variant="subtle"
          onClick={() =>
            void navigate({ to: '.', search: (old: object) => ({ ...old, queue: undefined }) } as never)
          }
        >
          {t('allQueues')}
        </Button>
      )}
    </PageFrame>
  )
}
