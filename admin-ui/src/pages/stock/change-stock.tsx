import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'
import { useWarehouses } from './use-warehouses.ts'

const kinds = ['count', 'adjust', 'receive', 'return'] as const
type Kind = (typeof kinds)[number]

/** Asks what was counted or by how much the stock of a SKU changes, and why. */
export function ChangeStockButton({ sku, size = 'sm' }: { sku: string; size?: 'xs' | 'sm' }) {
  const { t } = useTranslation('stock')
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button size={size} variant={size === 'xs' ? 'light' : 'filled'} onClick={open}>
        {t('change.button')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('change.title', { sku })}
        closeButtonProps={{ 'aria-label': t('kit:close') }}
      >
        <ChangeForm sku={sku} onClose={close} />
      </Modal>
    </>
  )
}

function ChangeForm({ sku, onClose }: { sku: string; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const warehouses = useWarehouses().data?.items ?? []
  const [kind, setKind] = useState<Kind>('count')
  const [warehouse, setWarehouse] = useState<string | null>(null)
  const [units, setUnits] = useState<number | string>('')
  const [reason, setReason] = useState('')
  const isCount = kind === 'count'
  const change = useAction({
    run: () => {
      const figure = isCount ? { onHand: Number(units) } : { delta: Number(units) }
      const place = warehouse === null ? {} : { warehouse }
      return read(
        api.api.stock.changes.$post({ json: { kind, edits: [{ sku, ...place, ...figure, reason }] } }),
      )
    },
    topics: ['stock', 'products', 'listings'],
    done: ({ changed }) => (changed > 0 ? t('change.done') : t('change.same')),
    isErrorShown: true,
    onDone: onClose,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Stack>
        <Select
          label={t('change.kind')}
          allowDeselect={false}
          data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(value as Kind)}
        />
        <Select
          label={t('warehouse')}
          placeholder={t('change.firstWarehouse')}
          clearable
          clearButtonProps={{ 'aria-label': t('change.firstWarehouse') }}
          data={warehouses.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))}
          value={warehouse}
          onChange={setWarehouse}
        />
        <NumberInput
          label={isCount ? t('change.counted') : t('change.delta')}
          description={isCount ? t('change.countedHint') : t('change.deltaHint')}
          required
          data-autofocus
          allowDecimal={false}
          min={isCount ? 0 : -1_000_000_000}
          max={1_000_000_000}
          value={units}
          onChange={setUnits}
        />
        <TextInput
          label={t('change.reason')}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          {t('change.goesOut')}
        </Text>
        {change.error && <ErrorNote error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('kit:cancel')}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={units === ''}>
            {t('kit:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
