import { Alert, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { Facts } from '../../kit/facts.tsx'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { When } from '../../kit/when.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { DiffTable } from './diff-table.tsx'
import { useKindName } from './kind-name.ts'
import { StatusBadge } from './status-badge.tsx'
import { useCost } from './use-cost.ts'

type Proposal = Success<Awaited<ReturnType<(typeof api.api.proposals)[':id']['$get']>>>

/** One proposal: why, what it would change line by line, what it costs, and the decision. */
export default function ProposalPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    queryKey: ['proposals', id],
    queryFn: () => read(api.api.proposals[':id'].$get({ param: { id } })),
  })
  return (
    <QueryView query={query}>
      {(proposal) => (
        <PageFrame title={proposal.title} actions={<StatusBadge status={proposal.status} />}>
          <Stack gap="md">
            <Text dir="auto" maw={820} style={{ whiteSpace: 'pre-wrap' }}>
              {proposal.reason}
            </Text>
            <Decision proposal={proposal} />
            <ProposalFacts proposal={proposal} />
            <DiffTable id={id} lineCount={proposal.lineCount} />
          </Stack>
        </PageFrame>
      )}
    </QueryView>
  )
}

function Decision({
  proposal: { id, status, canBeUndone, needsSecondPerson, error },
}: {
  proposal: Proposal
}) {
  const { t } = useTranslation('proposals')
  const role = useRole()
  const topics = ['proposals', 'listings', 'problems']
  const approve = useAction({
    run: () => read(api.api.proposals[':id'].approve.$post({ param: { id } })),
    topics,
    done: t('approve.done'),
  })
  const reject = useAction({
    run: () => read(api.api.proposals[':id'].reject.$post({ param: { id } })),
    topics,
    done: t('reject.done'),
  })
  const undo = useAction({
    run: () => read(api.api.proposals[':id'].undo.$post({ param: { id } })),
    topics,
    done: t('undo.done'),
  })
  return (
    <Stack gap="xs">
      {error && (
        <Alert color="red" title={t('failed')}>
          <span dir="auto">{error}</span>
        </Alert>
      )}
      {status === 'open' && needsSecondPerson && <Alert color="blue">{t('secondPerson')}</Alert>}
      {!hasRole(role, 'manager') ? (
        status === 'open' && <Text c="dimmed">{t('managersOnly')}</Text>
      ) : (
        <Group gap="xs">
          {status === 'open' && (
            <>
              <ConfirmButton
                loading={approve.isPending}
                question={t('approve.question')}
                onConfirm={() => approve.mutate()}
              >
                {t('approve.button')}
              </ConfirmButton>
              <ConfirmButton
                variant="default"
                loading={reject.isPending}
                question={t('reject.question')}
                onConfirm={() => reject.mutate()}
              >
                {t('reject.button')}
              </ConfirmButton>
            </>
          )}
          {canBeUndone && (
            <ConfirmButton
              variant="default"
              loading={undo.isPending}
              question={t('undo.question')}
              onConfirm={() => undo.mutate()}
            >
              {t('undo.button')}
            </ConfirmButton>
          )}
        </Group>
      )}
    </Stack>
  )
}

function ProposalFacts({ proposal }: { proposal: Proposal }) {
  const { t } = useTranslation('proposals')
  const connections = useConnections()
  const kindName = useKindName()
  const cost = useCost()
  return (
    <Facts
      label={t('facts')}
      facts={[
        [t('column.kind'), kindName(proposal.kind)],
        [t('column.connection'), proposal.connectionId && connections.nameOf(proposal.connectionId)],
        [t('column.cost'), cost(proposal)],
        [t('column.proposedBy'), proposal.proposedBy],
        [t('column.proposedAt'), <When key="proposed" at={proposal.proposedAt} absolute />],
        [t('column.decidedBy'), proposal.decidedBy],
        [t('column.decidedAt'), proposal.decidedAt && <When at={proposal.decidedAt} absolute />],
        [t('column.undoneBy'), proposal.undoneBy],
      ]}
    />
  )
}
