import { Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Order } from './order-data.ts'

export type TextAct = 'hold' | 'note' | 'cancel'

/** What is done to an order with a few words: holding it, noting something, asking its platform to cancel it. */
export function TextForm({ order, act, onClose }: { order: Order; act: TextAct; onClose: () => void }) {
  const { t } = useTranslation('orders')
  const [text, setText] = useState(act === 'note' ? (order.note ?? '') : '')
  const param = { id: order.id }
  const { revision } = order
  const run: Record<TextAct, () => Promise<unknown>> = {
    hold: () => read(api.api.orders[':id'].hold.$post({ param, json: { revision, reason: text } })),
    note: () => read(api.api.orders[':id'].note.$put({ param, json: { revision, note: text } })),
    cancel: () => read(api.api.orders[':id'].cancel.$post({ param, json: { reason: text } })),
  }
  const action = useAction({
    run: () => run[act](),
    topics: ['orders'],
    done: t(`done.${act}`),
    onDone: onClose,
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t(`act.${act}`)}
      submit={t(`act.${act}`)}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={act === 'note' || text.trim() !== ''}
      {...(act === 'cancel' ? { color: 'red' } : {})}
    >
      <Text size="sm">{t(`explain.${act}`)}</Text>
      <Textarea
        label={t(act === 'note' ? 'column.note' : 'act.reason')}
        autosize
        minRows={2}
        maxLength={act === 'note' ? 5000 : 500}
        required={act !== 'note'}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormModal>
  )
}
