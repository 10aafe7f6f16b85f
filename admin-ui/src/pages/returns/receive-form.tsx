import { Group, NumberInput, Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import { expectedOf, type Return } from './return-data.ts'

const dispositions = ['restock', 'write_off', 'missing'] as const
type Receipt = { quantity: number; disposition: (typeof dispositions)[number]; condition: string }

/** Takes in what came back: per line how many, how they are, and what is done with them. */
export function ReceiveForm({ one, onClose }: { one: Return; onClose: () => void }) {
  const { t } = useTranslation('returns')
  const open = one.lines.filter((line) => expectedOf(line) > 0)
  const [receipts, setReceipts] = useState<Record<string, Receipt>>(() =>
    Object.fromEntries(
      open.map((line) => [
        line.lineId,
        { quantity: expectedOf(line), disposition: 'restock' as const, condition: '' },
      ]),
    ),
  )
  const set = (lineId: string, change: Partial<Receipt>) =>
    setReceipts((before) => ({ ...before, [lineId]: { ...before[lineId]!, ...change } }))
  const lines = Object.entries(receipts).flatMap(([lineId, { condition, ...receipt }]) =>
    receipt.quantity > 0 ? [{ lineId, ...receipt, condition: condition.trim() || null }] : [],
  )
  const action = useAction({
    run: () =>
      read(
        api.api.returns[':id'].receive.$post({
          param: { id: one.id },
          json: { revision: one.revision, lines },
        }),
      ),
    topics: ['returns', 'orders', 'stock'],
    done: t('act.received'),
    onDone: onClose,
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('act.receive')}
      submit={t('act.receive')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={lines.length > 0}
      size="lg"
    >
      <Text size="sm">{t('act.receiveHint')}</Text>
      <Stack gap="sm">
        {open.map((line) => {
          const receipt = receipts[line.lineId]!
          return (
            <Paper key={line.lineId} withBorder p="sm">
              <Text size="sm" fw={600} dir="auto">
                {line.title}
              </Text>
              <Group gap="sm" align="flex-end" grow preventGrowOverflow={false}>
                <NumberInput
                  label={t('column.units')}
                  min={0}
                  max={expectedOf(line)}
                  clampBehavior="strict"
                  allowDecimal={false}
                  value={receipt.quantity}
                  onChange={(value) => set(line.lineId, { quantity: Number(value) })}
                />
                <Select
                  label={t('act.disposition')}
                  data={dispositions.map((value) => ({ value, label: t(`disposition.${value}`) }))}
                  value={receipt.disposition}
                  allowDeselect={false}
                  onChange={(value) => set(line.lineId, { disposition: value as Receipt['disposition'] })}
                />
                <TextInput
                  label={t('act.condition')}
                  maxLength={200}
                  value={receipt.condition}
                  onChange={(event) => set(line.lineId, { condition: event.currentTarget.value })}
                />
              </Group>
            </Paper>
          )
        })}
      </Stack>
    </FormModal>
  )
}
