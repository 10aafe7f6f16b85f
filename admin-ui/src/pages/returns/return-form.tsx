import { Checkbox, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Order } from '../orders/order-data.ts'

const reasons = [
  'tooSmall',
  'tooLarge',
  'damaged',
  'wrong',
  'notAsDescribed',
  'changedMind',
  'other',
] as const

/** Enters a return that the order's platform does not tell of. */
export function ReturnForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation('returns')
  const navigate = useNavigate()
  const [units, setUnits] = useState<Record<string, number>>({})
  const [reason, setReason] = useState<(typeof reasons)[number]>('changedMind')
  const [note, setNote] = useState('')
  const [isApproved, setIsApproved] = useState(true)
  const lines = order.lines.flatMap(({ id }) =>
    units[id] ? [{ lineId: id, quantity: units[id], reason: t(`reason.${reason}`) }] : [],
  )
  const action = useAction({
    run: () =>
      read(
        api.api.returns.$post({
          json: { orderId: order.id, lines, note: note.trim() || null, isApproved },
        }),
      ),
    topics: ['returns', 'orders'],
    done: t('form.entered'),
    onDone: ({ id }) => {
      onClose()
      void navigate({ to: `/returns/${id}` as never })
    },
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('form.title')}
      submit={t('form.enter')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={lines.length > 0}
    >
      <Text size="sm">{t('form.hint')}</Text>
      <Stack gap="xs">
        {order.lines.map(({ id, title, sku, quantity, cancelledQuantity }) => (
          <NumberInput
            key={id}
            label={<span dir="auto">{title}</span>}
            description={sku}
            min={0}
            max={quantity - cancelledQuantity}
            clampBehavior="strict"
            allowDecimal={false}
            value={units[id] ?? 0}
            onChange={(value) => setUnits((before) => ({ ...before, [id]: Number(value) }))}
          />
        ))}
      </Stack>
      <Select
        label={t('form.reason')}
        data={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
        value={reason}
        allowDeselect={false}
        onChange={(value) => setReason(value as (typeof reasons)[number])}
      />
      <TextInput
        label={t('form.note')}
        maxLength={5000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Checkbox
        label={t('form.approved')}
        checked={isApproved}
        onChange={(event) => setIsApproved(event.currentTarget.checked)}
      />
    </FormModal>
  )
}
