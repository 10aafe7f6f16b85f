import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ConfirmButton } from '../../kit/confirm-button.tsx'
import { useAction } from '../../kit/use-action.ts'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import { ReturnForm } from '../returns/return-form.tsx'
import { PlanForm } from '../shipping/plan-form.tsx'
import { RecordForm } from '../shipping/record-form.tsx'
import { isOpen, type Order } from './order-data.ts'
import { RefundForm } from './refund-form.tsx'
import { type TextAct, TextForm } from './text-form.tsx'

type Form = TextAct | 'plan' | 'record' | 'return' | 'refund'

/** What can be done with an order, by those who may. */
export function OrderActions({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const role = useRole()
  const [form, setForm] = useState<Form | null>(null)
  const release = useAction({
    run: () =>
      read(
        api.api.orders[':id'].release.$post({
          param: { id: order.id },
          json: { revision: order.revision },
        }),
      ),
    topics: ['orders'],
    done: t('act.released'),
  })
  if (!hasRole(role, 'operator')) return null
  const open = isOpen(order)
  const items: readonly [Form, boolean][] = [
    ['record', open && !order.heldAt],
    ['hold', open && !order.heldAt],
    ['note', true],
    ['return', !open && order.status !== 'cancelled'],
    ['refund', hasRole(role, 'manager') && order.paidAt !== null && order.status !== 'refunded'],
    ['cancel', open],
  ]
  const close = () => setForm(null)
  return (
    <>
      {order.heldAt && (
        <ConfirmButton
          question={t('act.releaseQuestion', { reason: order.holdReason })}
          loading={release.isPending}
          onConfirm={() => release.mutate()}
        >
          {t('act.release')}
        </ConfirmButton>
      )}
      {open && !order.heldAt && <Button onClick={() => setForm('plan')}>{t('act.plan')}</Button>}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t('act.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {items.map(([id, isShown]) =>
            isShown ? (
              <Menu.Item key={id} onClick={() => setForm(id)} {...(id === 'cancel' ? { color: 'red' } : {})}>
                {t(`act.${id}`)}
              </Menu.Item>
            ) : null,
          )}
        </Menu.Dropdown>
      </Menu>
      {(form === 'hold' || form === 'note' || form === 'cancel') && (
        <TextForm order={order} act={form} onClose={close} />
      )}
      {form === 'plan' && <PlanForm order={order} onClose={close} />}
      {form === 'record' && <RecordForm order={order} onClose={close} />}
      {form === 'return' && <ReturnForm order={order} onClose={close} />}
      {form === 'refund' && <RefundForm order={order} onClose={close} />}
    </>
  )
}
