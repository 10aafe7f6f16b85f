import { Alert, Button, Code, Drawer, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { ListPage, Query } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useAction } from '../../kit/use-action.ts'
import { When } from '../../kit/when.tsx'
import { Change } from './change.tsx'

type Entry = Success<Awaited<ReturnType<typeof api.api.audit.$get>>>['items'][number]

const readPage = (query: Query): Promise<ListPage<Entry>> =>
  read(api.api.audit.$get({ query: query as never }))

/** Who changed what, and whether anybody tampered with the log. */
export default function AuditPage() {
  const { t } = useTranslation('access')
  const [open, setOpen] = useState<Entry | null>(null)
  const verify = useAction({ run: () => read(api.api.audit.verify.$get()), topics: [] })
  return (
    <PageFrame
      title={t('audit.title')}
      hint={t('audit.hint')}
      actions={
        <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('audit.verify')}
        </Button>
      }
    >
      {verify.data && (
        <Alert color={verify.data.isWhole ? 'green' : 'red'} role="status">
          {verify.data.isWhole ? t('audit.whole') : t('audit.broken', { id: verify.data.brokenAt })}
        </Alert>
      )}
      <DataTable<Entry>
        list="audit"
        topic="audit"
        label={t('audit.title')}
        initialSort="-at"
        rowId={({ id }) => String(id)}
        readPage={readPage}
        onOpen={setOpen}
        csvPath="/api/audit.csv"
        filters={[
          { id: 'actor', label: t('audit.actor'), kind: 'text' },
          { id: 'action', label: t('audit.action'), kind: 'text' },
          { id: 'subject', label: t('audit.subject'), kind: 'text' },
        ]}
        columns={[
          {
            id: 'at',
            label: t('audit.at'),
            sort: 'at',
            width: 150,
            cell: ({ at }) => <When at={at} size="sm" />,
          },
          { id: 'actor', label: t('audit.actor'), cell: ({ actor }) => <Plain text={actor} /> },
          { id: 'action', label: t('audit.action'), cell: ({ action }) => <Code>{action}</Code> },
          { id: 'subject', label: t('audit.subject'), cell: ({ subject }) => <Plain text={subject} /> },
        ]}
        empty={{ title: t('audit.none') }}
      />
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        position="right"
        size="lg"
        title={open?.action}
        closeButtonProps={{ 'aria-label': t('kit:close') }}
      >
        {open && <EntryView entry={open} />}
      </Drawer>
    </PageFrame>
  )
}

const Plain = ({ text }: { text: string }) => (
  <Text size="sm" truncate dir="auto" title={text}>
    {text}
  </Text>
)

function EntryView({ entry }: { entry: Entry }) {
  const { t } = useTranslation('access')
  return (
    <Stack>
      <Group gap="xs">
        <Text size="sm" fw={600} dir="auto">
          {entry.actor}
        </Text>
        <When at={entry.at} absolute size="sm" />
      </Group>
      <Text size="sm" dir="auto" style={{ overflowWrap: 'anywhere' }}>
        {t('audit.subject')}: {entry.subject}
      </Text>
      <Change before={entry.before} after={entry.after} />
    </Stack>
  )
}
