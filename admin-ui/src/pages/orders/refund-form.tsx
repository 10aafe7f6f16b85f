import { Checkbox, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { toMinor } from '../../kit/format.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Order } from './order-data.ts'

/** Gives an amount of an order back, without goods coming back: a case, a goodwill, a cancelled line. */
export function RefundForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation('orders')
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const [isMadeElsewhere, setIsMadeElsewhere] = useState(false)
  // Kept while the window is open: sending again after a lost answer is the same refund.
  const [reference] = useState(() => `ui-${crypto.randomUUID().slice(0, 13)}`)
  const amountMinor = toMinor(amount, order.currency)
  const action = useAction({
    run: () =>
      read(
        api.api.orders[':id'].refund.$post({
          param: { id: order.id },
          json: { reference, amountMinor: amountMinor ?? 0, reason, lines: [], isMadeElsewhere },
        }),
      ),
    topics: ['orders', 'proposals', 'returns'],
    done: ({ state }) => t(state === 'proposed' ? 'refund.proposed' : 'refund.asked'),
    onDone: onClose,
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('act.refund')}
      submit={t('act.refund')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={amountMinor !== null && amountMinor > 0 && reason.trim() !== ''}
      color="orange"
    >
      <Text size="sm">
        {t('refund.left')}{' '}
        <MoneyText minor={order.totalMinor - order.refundedMinor} currency={order.currency} />
      </Text>
      <TextInput
        label={t('refund.amount', { currency: order.currency })}
        inputMode="decimal"
        required
        data-autofocus
        value={amount}
        error={amount !== '' && amountMinor === null ? t('refund.noAmount') : null}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <Textarea
        label={t('act.reason')}
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Checkbox
        label={t('refund.elsewhere')}
        description={t('refund.elsewhereHint')}
        checked={isMadeElsewhere}
        onChange={(event) => setIsMadeElsewhere(event.currentTarget.checked)}
      />
    </FormModal>
  )
}
