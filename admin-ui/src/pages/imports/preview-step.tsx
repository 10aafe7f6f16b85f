import { Alert, Button, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { ErrorNote } from '../../kit/error-note.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { ScrollRegion } from '../../kit/scroll-region.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useFormat } from '../../kit/use-format.ts'
import { WorkActions } from '../../kit/work-actions.tsx'
import { isOver, WorkProgress } from '../../kit/work-progress.tsx'
import type { Mapping, Upload } from './fields.ts'
import { ImportCounts } from './import-counts.tsx'

type Change = { field: string; from: string | number | null; to: string | number | null }
type Preview = {
  counts: Record<string, number>
  rows: { line: number; subject: string; outcome: 'created' | 'changed' | 'same'; changes: Change[] }[]
  rejects: { line: number; column: string | null; reason: string; outcome: string }[]
  stoppedBy: string | null
  mapping: Mapping
}
/** `onBack` is given how the columns were read, once that is known. */
type Props = { upload: Upload; workId: string; onBack: (mapping: Mapping | undefined) => void }

const askAgainMs = 1_000

/** What the import would do, before it does it. */
export function PreviewStep({ upload, workId, onBack }: Props) {
  const { t } = useTranslation('imports')
  const query = useQuery({
    queryKey: ['work', workId],
    queryFn: () => read(api.api.work[':id'].$get({ param: { id: workId } })),
    refetchInterval: ({ state: { data } }) => (data && isOver(data.state) ? false : askAgainMs),
  })
  return (
    <QueryView query={query}>
      {(work) => (
        <Stack gap="md">
          {!isOver(work.state) && (
            <Card withBorder>
              <Text size="sm" mb="xs">
                {t('preview.looking')}
              </Text>
              <WorkProgress work={work} />
              <Group mt="sm">
                <WorkActions id={work.id} state={work.state} />
              </Group>
            </Card>
          )}
          {work.error && (
            <Alert color="red">
              <span dir="auto">{work.error}</span>
            </Alert>
          )}
          {work.state === 'done' && <Found preview={work.result as Preview} />}
          <Actions
            upload={upload}
            mapping={work.state === 'done' ? (work.result as Preview).mapping : undefined}
            onBack={onBack}
          />
        </Stack>
      )}
    </QueryView>
  )
}

/** Imports what the preview shows, by the mapping it was made with, whatever this page has forgotten since. */
function Actions({
  upload,
  mapping,
  onBack,
}: Pick<Props, 'upload' | 'onBack'> & { mapping: Mapping | undefined }) {
  const { t } = useTranslation('imports')
  const navigate = useNavigate()
  const run = useAction({
    run: (json: Mapping) =>
      read(api.api['import-uploads'][':id'].import.$post({ param: { id: upload.id }, json })),
    topics: ['imports', 'work'],
    onDone: ({ id }) => void navigate({ to: `/imports/${id}` }),
    isErrorShown: true,
  })
  return (
    <Stack gap="sm">
      {run.error && <ErrorNote error={run.error} />}
      <Group>
        <ConfirmButton
          disabled={!mapping}
          loading={run.isPending}
          question={t('preview.question', { file: upload.fileName })}
          onConfirm={() => mapping && run.mutate(mapping)}
        >
          {t('preview.import')}
        </ConfirmButton>
        <Button variant="default" onClick={() => onBack(mapping)}>
          {t('preview.back')}
        </Button>
      </Group>
    </Stack>
  )
}

function Found({ preview: { counts, rows, rejects, stoppedBy, mapping } }: { preview: Preview }) {
  const { t } = useTranslation('imports')
  return (
    <>
      {stoppedBy && (
        <Alert color="orange" title={t('stopped')}>
          <span dir="auto">{stoppedBy}</span>
        </Alert>
      )}
      <ImportCounts counts={counts} kind={mapping.kind} />
      {rejects.length > 0 && <Rejects rejects={rejects} />}
      <Rows rows={rows} />
    </>
  )
}

function Rejects({ rejects }: Pick<Preview, 'rejects'>) {
  const { t } = useTranslation('imports')
  return (
    <div>
      <Title order={2}>{t('preview.rejects')}</Title>
      <ScrollRegion label={t('preview.rejects')} maxHeight={260}>
        <Table withTableBorder stickyHeader miw={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={80}>{t('preview.line')}</Table.Th>
              <Table.Th w={160}>{t('mapping.column')}</Table.Th>
              <Table.Th>{t('preview.reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rejects.map(({ line, column, reason }) => (
              <Table.Tr key={`${line} ${column} ${reason}`}>
                <Table.Td>{line}</Table.Td>
                <Table.Td dir="auto">{column ?? '—'}</Table.Td>
                <Table.Td dir="auto">{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </div>
  )
}

function Rows({ rows }: Pick<Preview, 'rows'>) {
  const { t } = useTranslation('imports')
  const value = useValue()
  return (
    <div>
      <Title order={2}>{t('preview.rows')}</Title>
      <ScrollRegion label={t('preview.rows')} maxHeight={460}>
        <Table withTableBorder stickyHeader striped miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={80}>{t('preview.line')}</Table.Th>
              <Table.Th w={180}>{t('preview.subject')}</Table.Th>
              <Table.Th w={120}>{t('preview.outcome')}</Table.Th>
              <Table.Th>{t('preview.changes')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ line, subject, outcome, changes }) => (
              <Table.Tr key={line}>
                <Table.Td>{line}</Table.Td>
                <Table.Td dir="auto">{subject}</Table.Td>
                <Table.Td>{t(`count.${outcome}`)}</Table.Td>
                <Table.Td dir="auto">
                  {changes.map((change) => (
                    <Text key={change.field} size="sm" lineClamp={2}>
                      {change.field}: {change.from === null ? '' : `${value(change.field, change.from)} → `}
                      <b>{value(change.field, change.to)}</b>
                    </Text>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </div>
  )
}

/** A price is an amount of the currency that its field names; all else is as it is. */
function useValue() {
  const format = useFormat()
  return (field: string, value: string | number | null): string => {
    const [, currency] = /^price ([A-Z]{3})$/.exec(field) ?? []
    if (currency && typeof value === 'number') return format.money(value, currency)
    return value === null ? '—' : String(value)
  }
}
