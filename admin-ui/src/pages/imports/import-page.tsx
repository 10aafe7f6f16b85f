import { Alert, Anchor, Button, Card, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { Facts } from '../../kit/facts.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { When } from '../../kit/when.tsx'
import { WorkActions } from '../../kit/work-actions.tsx'
import { isOver, WorkBadge, WorkProgress } from '../../kit/work-progress.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { ImportCounts } from './import-counts.tsx'

type Import = Success<Awaited<ReturnType<(typeof api.api.imports)[':id']['$get']>>>

const askAgainMs = 2_000

/** One import: how far it is, what became of its rows, and the refused ones to correct. */
export default function ImportPage() {
  const { t } = useTranslation('imports')
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    queryKey: ['imports', id],
    queryFn: () => read(api.api.imports[':id'].$get({ param: { id } })),
    refetchInterval: ({ state: { data } }) => (data && !isOver(data.state) ? askAgainMs : false),
  })
  return (
    <QueryView query={query}>
      {(found) => (
        <PageFrame title={found.fileName || t('title')} actions={<WorkBadge state={found.state} />}>
          <Stack gap="md" maw={900}>
            {!isOver(found.state) && (
              <Card withBorder>
                <WorkProgress
                  work={{
                    kind: 'import',
                    title: found.fileName,
                    state: found.state,
                    total: found.bytesTotal,
                    done: found.bytesRead,
                    failed: 0,
                  }}
                />
              </Card>
            )}
            {(found.error ?? found.stoppedBy) && (
              <Alert color="red" title={t('stopped')}>
                <span dir="auto">{found.error ?? found.stoppedBy}</span>
              </Alert>
            )}
            <ImportCounts counts={found.counts} kind={found.kind} />
            <Actions found={found} />
            <Facts
              label={t('facts')}
              facts={[
                [t('column.kind'), found.kind && t(`kind.${found.kind}`, { defaultValue: found.kind })],
                [t('column.actor'), found.actor],
                [t('column.startedAt'), <When key="started" at={found.startedAt} absolute />],
                [t('column.finishedAt'), found.finishedAt && <When at={found.finishedAt} absolute />],
                [
                  t('column.work'),
                  found.workId && (
                    <Anchor component={Link} to={`/work/${found.workId}`} size="sm">
                      {found.workId}
                    </Anchor>
                  ),
                ],
              ]}
            />
          </Stack>
        </PageFrame>
      )}
    </QueryView>
  )
}

function Actions({ found: { id, workId, state, hasRejects } }: { found: Import }) {
  const { t } = useTranslation('imports')
  const role = useRole()
  const work = useQuery({
    queryKey: ['work', workId],
    queryFn: () => read(api.api.work[':id'].$get({ param: { id: workId! } })),
    enabled: workId !== null,
  })
  if (!hasRole(role, 'operator')) return null
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {hasRejects && (
          <Button
            component="a"
            href={`/api/imports/${id}/rejects.csv`}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t('rejects.download')}
          </Button>
        )}
        {workId && (
          <WorkActions
            id={workId}
            state={state}
            canBeUndone={work.data?.canBeUndone ?? false}
            topics={['imports', 'stock', 'products']}
          />
        )}
        <Button
          component={Link}
          to="/imports/new"
          variant="default"
          leftSection={<IconUpload size={16} aria-hidden />}
        >
          {t('another')}
        </Button>
      </Group>
      {hasRejects && (
        <Text size="sm" c="dimmed" maw={640}>
          {t('rejects.hint')}
        </Text>
      )}
    </Stack>
  )
}
