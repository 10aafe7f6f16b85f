import { Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { toDecimal, toMinor } from '../../kit/format.ts'
import { MoneyText } from '../../kit/money-text.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Return } from './return-data.ts'

/** Gives the money of a return back, line by line, and of the shipping what is fair. */
export function ReturnRefundForm({ one, onClose }: { one: Return; onClose: () => void }) {
  const { t } = useTranslation('returns')
  const { currency } = one
  const [amounts, setAmounts] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      one.lines.map((line) => [
        line.lineId,
        toDecimal(Math.floor((line.lineTotalMinor * line.quantity) / line.orderedQuantity), currency),
      ]),
    ),
  )
  const [shipping, setShipping] = useState('')
  const [reason, setReason] = useState('')
  const [isMadeElsewhere, setIsMadeElsewhere] = useState(false)
  const lines = one.lines.map(({ lineId, quantity }) => ({
    lineId,
    quantity,
    amountMinor: toMinor(amounts[lineId] ?? '', currency),
  }))
  const shippingMinor = shipping === '' ? 0 : toMinor(shipping, currency)
  const isWhole =
    shippingMinor !== null && lines.every(({ amountMinor }) => amountMinor !== null && amountMinor >= 0)
  const total = lines.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0), shippingMinor ?? 0)
  const action = useAction({
    run: () =>
      read(
        api.api.returns[':id'].refund.$post({
          param: { id: one.id },
          json: {
            revision: one.revision,
            lines: lines.flatMap((line) =>
              line.amountMinor ? [{ ...line, amountMinor: line.amountMinor }] : [],
            ),
            shippingMinor: shippingMinor ?? 0,
            reason,
            isMadeElsewhere,
          },
        }),
      ),
    topics: ['returns', 'orders', 'proposals'],
    done: ({ state }) => t(state === 'proposed' ? 'act.refundProposed' : 'act.refundAsked'),
    onDone: onClose,
    isErrorShown: true,
  })
  const faultOf = (text: string) =>
    text !== '' && toMinor(text, currency) === null ? t('act.noAmount') : null
  return (
    <FormModal
      title={t('act.refund')}
      submit={t('act.refund')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={isWhole && total > 0 && reason.trim() !== ''}
      color="orange"
    >
      <Text size="sm">{t('act.refundHint')}</Text>
      <Stack gap="xs">
        {one.lines.map(({ lineId, title, quantity }) => (
          <TextInput
            key={lineId}
            label={<span dir="auto">{t('act.amountOf', { title, count: quantity, currency })}</span>}
            inputMode="decimal"
            value={amounts[lineId] ?? ''}
            error={faultOf(amounts[lineId] ?? '')}
            onChange={(event) => {
              const { value } = event.currentTarget
              setAmounts((before) => ({ ...before, [lineId]: value }))
            }}
          />
        ))}
        <TextInput
          label={t('act.shipping', { currency })}
          inputMode="decimal"
          value={shipping}
          error={faultOf(shipping)}
          onChange={(event) => setShipping(event.currentTarget.value)}
        />
        <TextInput
          label={t('form.reason')}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Checkbox
          label={t('act.elsewhere')}
          description={t('act.elsewhereHint')}
          checked={isMadeElsewhere}
          onChange={(event) => setIsMadeElsewhere(event.currentTarget.checked)}
        />
        <Text size="sm" fw={600}>
          {t('act.total')} <MoneyText minor={total} currency={currency} />
        </Text>
      </Stack>
    </FormModal>
  )
}
