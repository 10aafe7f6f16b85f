import { Badge, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { DataTable } from '../../kit/data-table/data-table.tsx'
import type { ListPage } from '../../kit/data-table/types.ts'
import { useFormat } from '../../kit/use-format.ts'
import { When } from '../../kit/when.tsx'
import { useConnectionNames, useConnections } from '../connections/use-connections.ts'
import { CallDrawer } from './call-drawer.tsx'

type Call = Success<Awaited<ReturnType<typeof api.api.calls.$get>>>['items'][number]
const failures = [
  'rate_limited',
  'unavailable',
  'uncertain',
  'auth',
  'rejected',
  'not_found',
  'unexpected',
] as const

/** HTTP calls, of a run or of all; the opened one stands in the address. */
export function CallsTable({ runId, height }: { runId?: string; height?: string }) {
  const { t } = useTranslation('runs')
  const format = useFormat()
  const navigate = useNavigate()
  const nameOf = useConnectionNames()
  const connections = useConnections().data?.items ?? []
  const { call } = useSearch({ strict: false }) as { call?: string | number }
  const open = (id: string | undefined) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, call: id }) } as never)
  return (
    <>
      <DataTable<Call>
        list={runId ? 'run-calls' : 'calls'}
        topic="runs"
        label={t('calls.title')}
        initialSort="-at"
        rowId={(one) => String(one.id)}
        readPage={(query) => read(api.api.calls.$get({ query: query as never })) as Promise<ListPage<Call>>}
        {...(runId ? { fixed: { runId } } : {})}
        {...(height ? { height } : {})}
        onOpen={(one) => open(String(one.id))}
        filters={[
          ...(runId
            ? []
            : [
                {
                  id: 'connectionId',
                  label: t('column.connection'),
                  kind: 'choice' as const,
                  options: connections.map(({ id, name }) => ({ value: id, label: name })),
                },
              ]),
          {
            id: 'failure',
            label: t('calls.failure'),
            kind: 'choice',
            options: [
              { value: 'any', label: t('calls.anyFailure') },
              ...failures.map((failure) => ({ value: failure, label: t(`failure.${failure}`) })),
            ],
          },
        ]}
        columns={[
          { id: 'at', label: t('calls.at'), cell: (one) => <When at={one.at} absolute />, width: 170 },
          ...(runId
            ? []
            : [
                {
                  id: 'connection',
                  label: t('column.connection'),
                  cell: (one: Call) => <span dir="auto">{nameOf(one.connectionId)}</span>,
                  width: 140,
                },
              ]),
          {
            id: 'request',
            label: t('calls.request'),
            cell: (one) => (
              <Text size="sm" ff="monospace" lineClamp={1} title={`${one.method} ${one.host}${one.path}`}>
                {one.method} {one.path}
              </Text>
            ),
          },
          {
            id: 'operation',
            label: t('calls.operation'),
            cell: (one) => one.operation ?? t('calls.noOperation'),
            width: 140,
            isOptional: true,
          },
          { id: 'bucket', label: t('calls.bucket'), cell: (one) => one.bucket, width: 130, isOptional: true },
          {
            id: 'status',
            label: t('calls.answer'),
            cell: (one) => (
              <Badge variant="light" color={one.failure ? 'red' : 'green'}>
                {one.status ?? t('calls.noAnswer')}
                {one.failure && ` ${t(`failure.${one.failure}`)}`}
              </Badge>
            ),
            width: 190,
          },
          {
            id: 'duration',
            label: t('calls.took'),
            cell: (one) => t('ms', { shown: format.count(one.durationMs) }),
            align: 'end',
            width: 90,
          },
          {
            id: 'waited',
            label: t('calls.waited'),
            cell: (one) => t('ms', { shown: format.count(one.waitedMs) }),
            align: 'end',
            width: 110,
          },
        ]}
        empty={{ title: t('calls.none'), hint: t('calls.noneHint') }}
      />
      <CallDrawer id={call === undefined ? null : String(call)} onClose={() => open(undefined)} />
    </>
  )
}
