import { Anchor, Button, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { Column, Filter } from '../../kit/data-table/types.ts'
import { PageFrame } from '../../kit/page-frame.tsx'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { WorkBadge } from '../../kit/work-progress.tsx'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { importKinds } from './fields.ts'

type Import = Success<Awaited<ReturnType<typeof api.api.imports.$get>>>['items'][number]

/** Every import there was, and the way to a new one. */
export default function ImportsPage() {
  const { t } = useTranslation('imports')
  const navigate = useNavigate()
  const role = useRole()
  const start = hasRole(role, 'operator') && (
    <Button component={Link} to="/imports/new" leftSection={<IconUpload size={16} aria-hidden />}>
      {t('new')}
    </Button>
  )
  return (
    <PageFrame title={t('title')} hint={t('hint')} actions={start}>
      <DataTable<Import>
        list="imports"
        topic="imports"
        label={t('title')}
        columns={useImportColumns()}
        filters={useImportFilters()}
        initialSort="-startedAt"
        rowId={({ id }) => id}
        readPage={({ count: _count, ...query }) => read(api.api.imports.$get({ query: query as never }))}
        onOpen={({ id }) => void navigate({ to: `/imports/${id}` })}
        empty={{ title: t('none'), hint: t('noneHint'), action: start }}
      />
    </PageFrame>
  )
}

function useImportColumns(): Column<Import>[] {
  const { t } = useTranslation('imports')
  const format = useFormat()
  return [
    {
      id: 'fileName',
      label: t('column.fileName'),
      cell: ({ id, fileName }) => (
        <Anchor component={Link} to={`/imports/${id}`} size="sm" dir="auto">
          {fileName || id}
        </Anchor>
      ),
    },
    {
      id: 'kind',
      label: t('column.kind'),
      width: 140,
      cell: ({ kind }) => (kind ? t(`kind.${kind}`, { defaultValue: kind }) : '—'),
    },
    { id: 'state', label: t('column.state'), width: 130, cell: ({ state }) => <WorkBadge state={state} /> },
    {
      id: 'rows',
      label: t('count.rows'),
      width: 110,
      align: 'end',
      cell: ({ counts }) => format.count(counts.rows ?? 0),
    },
    {
      id: 'rejected',
      label: t('count.rejected'),
      width: 110,
      align: 'end',
      cell: ({ counts }) => (
        <Text size="sm" c={(counts.rejected ?? 0) > 0 ? 'red' : 'inherit'}>
          {format.count(counts.rejected ?? 0)}
        </Text>
      ),
    },
    {
      id: 'actor',
      label: t('column.actor'),
      width: 180,
      cell: ({ actor }) => (
        <Text size="sm" truncate dir="auto">
          {actor}
        </Text>
      ),
    },
    {
      id: 'startedAt',
      label: t('column.startedAt'),
      sort: 'startedAt',
      width: 140,
      cell: ({ startedAt }) => <When at={startedAt} />,
    },
  ]
}

function useImportFilters(): Filter[] {
  const { t } = useTranslation('imports')
  return [
    {
      id: 'kind',
      label: t('column.kind'),
      kind: 'choice',
      options: importKinds.map((value) => ({ value, label: t(`kind.${value}`) })),
    },
    { id: 'actor', label: t('column.actor'), kind: 'text' },
  ]
}
