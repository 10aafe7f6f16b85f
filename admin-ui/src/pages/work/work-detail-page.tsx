import { Alert, Anchor, Button, Card, Group, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { Facts } from '../../kit/facts.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { When } from '../../kit/when.tsx'
import { WorkActions } from '../../kit/work-actions.tsx'
import { useWorkName } from '../../kit/work-name.ts'
import { isOver, WorkBadge, WorkProgress } from '../../kit/work-progress.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'

type Work = Success<Awaited<ReturnType<(typeof api.api.work)[':id']['$get']>>>

/** One piece of long work: how far it is, what could not be done and why, and the ways to stop it or take it back. */
export default function WorkDetailPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const nameOf = useWorkName()
  const query = useQuery({
    queryKey: ['work', id],
    queryFn: () => read(api.api.work[':id'].$get({ param: { id } })),
  })
  return (
    <QueryView query={query}>
      {(work) => {
        const { name, detail } = nameOf(work)
        return (
          <PageFrame title={name} hint={detail} actions={<WorkBadge state={work.state} />}>
            <Stack gap="md" maw={820}>
              <Card withBorder>
                <WorkProgress work={work} />
              </Card>
              {work.error && (
                <Alert color="red">
                  <span dir="auto">{work.error}</span>
                </Alert>
              )}
              <Actions work={work} />
              <WorkFacts work={work} />
            </Stack>
          </PageFrame>
        )
      }}
    </QueryView>
  )
}

function Actions({ work: { id, state, failed, canBeUndone } }: { work: Work }) {
  const { t } = useTranslation('work')
  const role = useRole()
  return (
    <Group gap="xs">
      {hasRole(role, 'operator') && <WorkActions id={id} state={state} canBeUndone={canBeUndone} />}
      {failed > 0 && (
        <Button
          component="a"
          href={`/api/work/${id}/failures.csv`}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t(isOver(state) ? 'failures' : 'failuresSoFar')}
        </Button>
      )}
    </Group>
  )
}

function WorkFacts({ work }: { work: Work }) {
  const { t } = useTranslation('work')
  const { importId } = (work.result ?? {}) as { importId?: string }
  return (
    <Facts
      label={t('facts')}
      facts={[
        [t('column.actor'), work.actor],
        [t('column.createdAt'), <When key="created" at={work.createdAt} absolute />],
        [t('column.finishedAt'), work.finishedAt && <When at={work.finishedAt} absolute />],
        [t('column.cancelledBy'), work.cancelledBy],
        [t('column.undoes'), work.undoes && <WorkLink id={work.undoes} />],
        [t('column.undoneBy'), work.undoneBy && <WorkLink id={work.undoneBy} />],
        [
          t('column.import'),
          importId && (
            <Anchor component={Link} to={`/imports/${importId}`} size="sm">
              {importId}
            </Anchor>
          ),
        ],
      ]}
    />
  )
}

const WorkLink = ({ id }: { id: string }) => (
  <Anchor component={Link} to={`/work/${id}`} size="sm">
    {id}
  </Anchor>
)
