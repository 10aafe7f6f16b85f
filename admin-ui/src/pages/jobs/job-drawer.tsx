import { Alert, Badge, Button, Code, Drawer, Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { type Job, stateColours } from './job-data.ts'

/** A job with its data, masked, what it failed with, and what may be done with it. */
export function JobDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation('jobs')
  const query = useQuery({
    queryKey: ['jobs', 'one', id],
    queryFn: () => read(api.api.jobs[':id'].$get({ param: { id: id! } })),
    enabled: id !== null,
    refetchInterval: 3_000,
  })
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={t('job.title')}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <QueryView query={query}>{(job) => <JobView job={job} onGone={onClose} />}</QueryView>
    </Drawer>
  )
}

function JobView({ job, onGone }: { job: Job; onGone: () => void }) {
  const { t } = useTranslation('jobs')
  return (
    <Stack>
      <Group>
        <Badge variant="light" color={stateColours[job.state]}>
          {t(`state.${job.state}`)}
        </Badge>
        <Text size="sm">
          {t(`queue.${job.queue}`, { defaultValue: job.queue })}
          {job.source && ` ← ${t(`queue.${job.source}`, { defaultValue: job.source })}`}
        </Text>
      </Group>
      {job.error && (
        <Alert color="red" title={t('column.error')}>
          <span dir="auto">{job.error}</span>
        </Alert>
      )}
      <Table aria-label={t('job.title')}>
        <Table.Tbody>
          {[
            [t('column.created'), job.createdAt],
            [t('job.startAfter'), job.startAfter],
            [t('job.started'), job.startedAt],
            [t('job.heartbeat'), job.heartbeatAt],
            [t('job.completed'), job.completedAt],
          ].map(([label, at]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              <Table.Td>
                <When at={at} absolute />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {JSON.stringify(job.data, null, 2)}
      </Code>
      <JobActions job={job} onGone={onGone} />
    </Stack>
  )
}

const topics = ['jobs'] as const

function JobActions({ job, onGone }: { job: Job; onGone: () => void }) {
  const { t } = useTranslation('jobs')
  const isAdmin = hasRole(useRole(), 'admin')
  const route = api.api.jobs[':id']
  const param = { id: job.id }
  const cancel = useAction({
    run: () => read(route.cancel.$post({ param })),
    topics,
    done: t('action.cancelled'),
  })
  const retry = useAction({
    run: () => read(route.retry.$post({ param })),
    topics,
    done: t('action.retried'),
  })
  const resume = useAction({
    run: () => read(route.resume.$post({ param })),
    topics,
    done: t('action.resumed'),
  })
  const redrive = useAction({
    run: () => read(api.api.jobs.redrive.$post({ json: { ids: [job.id] } })),
    topics,
    done: ({ moved }) => t('redrive.done', { count: moved }),
    onDone: onGone,
  })
  const remove = useAction({
    run: () => read(route.$delete({ param })),
    topics,
    done: t('action.deleted'),
    onDone: onGone,
  })
  if (!isAdmin) return null
  const isLive = job.state === 'created' || job.state === 'retry' || job.state === 'active'
  return (
    <Group>
      {job.queue === 'dead' && isLive && (
        <Button loading={redrive.isPending} onClick={() => redrive.mutate()}>
          {t('action.redrive')}
        </Button>
      )}
      {job.state === 'failed' && (
        <Button loading={retry.isPending} onClick={() => retry.mutate()}>
          {t('action.retry')}
        </Button>
      )}
      {job.state === 'cancelled' && (
        <Button loading={resume.isPending} onClick={() => resume.mutate()}>
          {t('action.resume')}
        </Button>
      )}
      {isLive && job.queue !== 'dead' && (
        <ConfirmButton
          color="red"
          variant="light"
          question={t('action.cancelQuestion')}
          loading={cancel.isPending}
          onConfirm={() => cancel.mutate()}
        >
          {t('action.cancel')}
        </ConfirmButton>
      )}
      {job.state !== 'active' && (
        <ConfirmButton
          color="red"
          variant="light"
          question={t('action.deleteQuestion')}
          loading={remove.isPending}
          onConfirm={() => remove.mutate()}
        >
          {t('action.delete')}
        </ConfirmButton>
      )}
    </Group>
  )
}
