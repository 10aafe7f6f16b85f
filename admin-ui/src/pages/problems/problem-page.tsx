import { Alert, Badge, Code, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { Facts } from '../../kit/facts.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { SubjectLink } from '../../kit/subject-link.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { VendorWords } from '../../kit/vendor-words.tsx'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { DecideForm } from './decide-form.tsx'
import { RetryPanel } from './retry-panel.tsx'
import { SeverityBadge } from './severity-badge.tsx'
import { useKindWords } from './use-kind-words.ts'

type Problem = Success<Awaited<ReturnType<(typeof api.api.problems)[':id']['$get']>>>

/** One problem: what happened, in whose words, what it holds up, and what to do about it. */
export default function ProblemPage() {
  const { t } = useTranslation('problems')
  const { id } = useParams({ strict: false }) as { id: string }
  const words = useKindWords()
  const query = useQuery({
    queryKey: ['problems', id],
    queryFn: () => read(api.api.problems[':id'].$get({ param: { id } })),
  })
  return (
    <QueryView query={query}>
      {(problem) => (
        <PageFrame
          title={t(`kind.${problem.kind}`, { defaultValue: problem.kind })}
          actions={
            <Group gap="xs">
              <SeverityBadge severity={problem.severity} />
              {problem.resolvedAt && <Badge color="green">{t('state.resolved')}</Badge>}
            </Group>
          }
        >
          <Stack gap="md" maw={900}>
            <div>
              <Text dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
                {problem.message}
              </Text>
              <VendorWords text={problem.vendorMessage} />
            </div>
            <Alert color="blue" title={t('remedy')}>
              <span dir="auto">{words.remedy(problem.kind, problem.remedy)}</span>
            </Alert>
            {!problem.resolvedAt && <Actions problem={problem} />}
            <ProblemFacts problem={problem} />
            <Details detail={problem.detail} />
          </Stack>
        </PageFrame>
      )}
    </QueryView>
  )
}

function Actions({ problem: { id, kind, canRetry } }: { problem: Problem }) {
  const { t } = useTranslation('problems')
  const role = useRole()
  const resolve = useAction({
    run: () => read(api.api.problems[':id'].resolve.$post({ param: { id } })),
    topics: ['problems'],
    done: t('resolve.done'),
  })
  if (!hasRole(role, 'operator')) return null
  if (kind === 'needs_decision') return <DecideForm id={id} />
  return (
    <Stack gap="sm">
      {canRetry && <RetryPanel id={id} />}
      <Group>
        <ConfirmButton
          variant={canRetry ? 'default' : 'filled'}
          loading={resolve.isPending}
          question={t('resolve.question')}
          onConfirm={() => resolve.mutate()}
        >
          {t('resolve.button')}
        </ConfirmButton>
      </Group>
    </Stack>
  )
}

function ProblemFacts({ problem }: { problem: Problem }) {
  const { t } = useTranslation('problems')
  const format = useFormat()
  const words = useKindWords()
  const connections = useConnections()
  return (
    <Facts
      label={t('facts')}
      facts={[
        [t('holdsUp'), words.holdsUp(problem.kind, problem.holdsUp)],
        [
          t('column.connection'),
          problem.connectionId && <span>{connections.nameOf(problem.connectionId)}</span>,
        ],
        [t('column.subject'), problem.subject && <SubjectLink subject={problem.subject} />],
        [t('column.field'), problem.field],
        [t('column.since'), <When key="since" at={problem.since} absolute />],
        [t('column.lastSeenAt'), <When key="last" at={problem.lastSeenAt} absolute />],
        [t('column.timesSeen'), format.count(problem.timesSeen)],
        [t('column.resolvedAt'), problem.resolvedAt && <When at={problem.resolvedAt} absolute />],
        [t('column.resolvedBy'), problem.resolvedBy],
      ]}
    />
  )
}

/** What the hub noted besides, as it is. */
function Details({ detail }: { detail: unknown }) {
  const { t } = useTranslation('problems')
  if (!detail || Object.keys(detail).length === 0) return null
  return (
    <section>
      <Title order={2}>{t('detail')}</Title>
      <Code block tabIndex={0} aria-label={t('detail')}>
        {JSON.stringify(detail, null, 2)}
      </Code>
    </section>
  )
}
