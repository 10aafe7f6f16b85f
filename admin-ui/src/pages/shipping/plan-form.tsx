import { Checkbox, NumberInput, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { useAction } from '../../kit/use-action.ts'
import { FormModal } from '../orders/form-modal.tsx'
import type { Order } from '../orders/order-data.ts'

/** Units of a line that may ship now: not cancelled, not missing, in no other live shipment. */
const openUnits = (line: Order['lines'][number]): number =>
  Math.max(0, line.quantity - line.cancelledQuantity - line.missing - line.inShipments)

/** Plans a shipment of what is open of an order, or of a part of it. */
export function PlanForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation('shipping')
  const navigate = useNavigate()
  const shippable = order.lines.filter((line) => openUnits(line) > 0)
  const [units, setUnits] = useState<Record<string, number>>(() =>
    Object.fromEntries(shippable.map((line) => [line.id, openUnits(line)])),
  )
  const [isSignatureRequired, setIsSignatureRequired] = useState(false)
  const lines = Object.entries(units).flatMap(([lineId, quantity]) =>
    quantity > 0 ? [{ lineId, quantity }] : [],
  )
  const action = useAction({
    run: () => read(api.api.shipments.$post({ json: { orderId: order.id, lines, isSignatureRequired } })),
    topics: ['shipments', 'orders'],
    done: t('plan.planned'),
    onDone: ({ id }) => {
      onClose()
      void navigate({ to: `/shipments/${id}` as never })
    },
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('plan.title')}
      submit={t('plan.plan')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={lines.length > 0}
    >
      <Text size="sm">{t(shippable.length > 0 ? 'plan.hint' : 'plan.nothing')}</Text>
      <Stack gap="xs">
        {shippable.map((line) => (
          <NumberInput
            key={line.id}
            label={<span dir="auto">{line.title}</span>}
            description={t('plan.open', { sku: line.sku ?? '—', count: openUnits(line) })}
            min={0}
            max={openUnits(line)}
            clampBehavior="strict"
            allowDecimal={false}
            value={units[line.id] ?? 0}
            onChange={(value) => setUnits((before) => ({ ...before, [line.id]: Number(value) }))}
          />
        ))}
      </Stack>
      <Checkbox
        label={t('plan.signature')}
        checked={isSignatureRequired}
        onChange={(event) => setIsSignatureRequired(event.currentTarget.checked)}
      />
    </FormModal>
  )
}
