import { Checkbox, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Order } from '../orders/order-data.ts'
import { LineUnits, useLineUnits } from './line-units.tsx'

/** Plans a shipment of what is open of an order, or of a part of it. */
export function PlanForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation('shipping')
  const navigate = useNavigate()
  const chosen = useLineUnits(order)
  const { shippable, lines } = chosen
  const [isSignatureRequired, setIsSignatureRequired] = useState(false)
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
      <LineUnits {...chosen} />
      <Checkbox
        label={t('plan.signature')}
        checked={isSignatureRequired}
        onChange={(event) => setIsSignatureRequired(event.currentTarget.checked)}
      />
    </FormModal>
  )
}
