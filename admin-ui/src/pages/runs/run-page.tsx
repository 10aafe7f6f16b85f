import { Alert, Anchor, Card, Group, SimpleGrid, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { useConnectionNames } from '../connections/use-connections.ts'
import { CallsTable } from './calls-table.tsx'
import { type Run, RunBadge, useDuration } from './run-parts.tsx'

/** One run: what it did, how it ended, and each call it made. */
export default function RunPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    queryKey: ['runs', 'one', id],
    queryFn: () => read(api.api.runs[':id'].$get({ param: { id } })),
    refetchInterval: ({ state }) => (state.data && state.data.finishedAt === null ? 2_000 : false),
  })
  return <QueryView query={query}>{(run) => <RunView run={run} />}</QueryView>
}

function RunView({ run }: { run: Run }) {
  const { t } = useTranslation('runs')
  const format = useFormat()
  const nameOf = useConnectionNames()
  const duration = useDuration()
  const mayAct = hasRole(useRole(), 'operator')
  const mayCancel = mayAct && run.finishedAt === null && run.cancelledBy === null
  const cancel = useAction({
    run: () => read(api.api.runs[':id'].cancel.$post({ param: { id: run.id } })),
    topics: ['runs'],
    done: t('cancel.done'),
  })
  const task = t(`task.${run.task.replace(':', '_')}`, { defaultValue: run.task })
  const counts = Object.entries(run.counts).filter(([, count]) => count > 0)
  return (
    <PageFrame
      title={`${task} · ${nameOf(run.connectionId)}`}
      actions={
        mayCancel && (
          <ConfirmButton
            color="red"
            variant="light"
            question={t('cancel.question')}
            loading={cancel.isPending}
            onConfirm={() => cancel.mutate()}
          >
            {t('cancel.button')}
          </ConfirmButton>
        )
      }
    >
      <Group gap="md" fz="sm">
        <RunBadge run={run} />
        <When at={run.startedAt} absolute />
        <span>{duration(run)}</span>
      </Group>
      {run.error && (
        <Alert color={run.outcome === 'cancelled' ? 'orange' : 'red'} title={t('error')}>
          <span dir="auto">{run.error}</span>
        </Alert>
      )}
      <SimpleGrid cols={{ base: 2, sm: 4, lg: 6 }}>
        {counts.map(([name, count]) => (
          <Card key={name} withBorder padding="sm">
            <Text size="sm" c="dimmed">
              {t(`count.${name}`, { defaultValue: name })}
            </Text>
            <Text fz="xl" fw={600}>
              {format.count(count)}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      <Group gap="md">
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to="/connections/$id" params={{ id: run.connectionId } as never} />
          )}
        >
          {t('toConnection')}
        </Anchor>
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link
              {...props}
              to="/runs"
              search={{ connectionId: run.connectionId, task: run.task } as never}
            />
          )}
        >
          {t('toOthers')}
        </Anchor>
      </Group>
      <Title order={2} size="h4">
        {t('calls.ofRun', { count: run.calls, shown: format.count(run.calls) })}
      </Title>
      {mayAct && <CallsTable runId={run.id} height="480px" />}
    </PageFrame>
  )
}
