import { Button, Group, Modal, NumberInput, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read, type Success } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { ScrollTable } from '../../kit/scroll-region.tsx'
import { Section } from '../../kit/section.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useConnections } from '../../kit/use-connections.ts'
import { useFormat } from '../../kit/use-format.ts'
import { useMay } from '../../shell/use-me.ts'

type Allocation = Success<
  Awaited<ReturnType<(typeof api.api.connections)[':id']['allocations']['$get']>>
>['items'][number]

/** How much of the stock of a SKU each connection may show. */
export function Allocations({ sku }: { sku: string }) {
  const { t } = useTranslation('stock')
  const { options } = useConnections()
  if (options.length === 0) return null
  return (
    <Section title={t('allocation.title')} hint={t('allocation.hint')}>
      <ScrollTable label={t('allocation.title')} miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('allocation.connection')}</Table.Th>
            <Table.Th ta="end">{t('allocation.share')}</Table.Th>
            <Table.Th ta="end">{t('allocation.cap')}</Table.Th>
            <Table.Th ta="end">{t('allocation.buffer')}</Table.Th>
            <Table.Th>{t('allocation.from')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {options.map(({ value, label }) => (
            <AllocationRow key={value} connectionId={value} name={label} sku={sku} />
          ))}
        </Table.Tbody>
      </ScrollTable>
    </Section>
  )
}

function AllocationRow({ connectionId, name, sku }: { connectionId: string; name: string; sku: string }) {
  const { t } = useTranslation('stock')
  const format = useFormat()
  const may = useMay()
  const [isEditing, setIsEditing] = useState(false)
  const query = useQuery({
    queryKey: ['stock', 'allocations', connectionId, sku],
    queryFn: () =>
      read(api.api.connections[':id'].allocations.$get({ param: { id: connectionId }, query: { sku } })),
  })
  const found = query.data?.items ?? []
  const own = found.find((row) => row.sku === sku)
  const held = own ?? found.find((row) => row.sku === null)
  return (
    <Table.Tr>
      <Table.Td dir="auto">{name}</Table.Td>
      <Table.Td ta="end">
        {held?.shareBasisPoints ? format.share(held.shareBasisPoints / 10_000) : t('allocation.all')}
      </Table.Td>
      <Table.Td ta="end">
        {held?.cap === null || held?.cap === undefined ? '—' : format.count(held.cap)}
      </Table.Td>
      <Table.Td ta="end">{format.count(held?.buffer ?? 0)}</Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {own ? t('allocation.own') : held ? t('allocation.default') : t('allocation.nothing')}
        </Text>
      </Table.Td>
      <Table.Td ta="end">
        {may('setAllocation') && query.data && (
          <Button size="compact-sm" variant="subtle" onClick={() => setIsEditing(true)}>
            {t('allocation.edit')}
          </Button>
        )}
        <Modal
          opened={isEditing}
          onClose={() => setIsEditing(false)}
          title={t('allocation.editTitle', { sku, connection: name })}
          closeButtonProps={{ 'aria-label': t('kit:close') }}
        >
          <AllocationForm
            connectionId={connectionId}
            sku={sku}
            own={own ?? null}
            held={held ?? null}
            onClose={() => setIsEditing(false)}
          />
        </Modal>
      </Table.Td>
    </Table.Tr>
  )
}

type FormProps = {
  connectionId: string
  sku: string
  own: Allocation | null
  held: Allocation | null
  onClose: () => void
}

function AllocationForm({ connectionId, sku, own, held, onClose }: FormProps) {
  const { t } = useTranslation('stock')
  const [revision, setRevision] = useState(own?.revision ?? 0)
  const [share, setShare] = useState<number | string>(
    held?.shareBasisPoints ? held.shareBasisPoints / 100 : '',
  )
  const [cap, setCap] = useState<number | string>(held?.cap ?? '')
  const [buffer, setBuffer] = useState<number | string>(held?.buffer ?? 0)
  const set = useAction({
    run: () =>
      read(
        api.api.connections[':id'].allocations.$put({
          param: { id: connectionId },
          json: {
            sku,
            shareBasisPoints: share === '' ? null : Math.round(Number(share) * 100),
            cap: cap === '' ? null : Number(cap),
            buffer: Number(buffer || 0),
            revision,
          },
        }),
      ),
    topics: ['stock', 'listings', 'products'],
    done: t('allocation.done'),
    isErrorShown: true,
    onDone: onClose,
  })
  const isNewer = (own?.revision ?? 0) !== revision
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate()
      }}
    >
      <Stack>
        <NumberInput
          label={t('allocation.share')}
          description={t('allocation.shareHint')}
          suffix=" %"
          min={0.01}
          max={100}
          decimalScale={2}
          value={share}
          onChange={setShare}
        />
        <NumberInput
          label={t('allocation.cap')}
          description={t('allocation.capHint')}
          allowDecimal={false}
          min={0}
          value={cap}
          onChange={setCap}
        />
        <NumberInput
          label={t('allocation.buffer')}
          description={t('allocation.bufferHint')}
          allowDecimal={false}
          min={0}
          value={buffer}
          onChange={setBuffer}
        />
        {set.error && <ErrorNote error={set.error} />}
        {isNewer && (
          <Button variant="default" onClick={() => setRevision(own?.revision ?? 0)}>
            {t('allocation.overwrite')}
          </Button>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('kit:cancel')}
          </Button>
          <Button type="submit" loading={set.isPending}>
            {t('kit:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
