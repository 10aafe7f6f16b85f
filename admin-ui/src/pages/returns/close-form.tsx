import { Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import type { Return } from './return-data.ts'

/** Closes a return: it is settled, or turned down. */
export function CloseForm({ one, onClose }: { one: Return; onClose: () => void }) {
  const { t } = useTranslation('returns')
  const [reason, setReason] = useState('')
  const action = useAction({
    run: () =>
      read(
        api.api.returns[':id'].close.$post({
          param: { id: one.id },
          json: { revision: one.revision, reason },
        }),
      ),
    topics: ['returns', 'orders'],
    done: t('act.closed'),
    onDone: onClose,
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('act.close')}
      submit={t('act.close')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={reason.trim() !== ''}
    >
      <Text size="sm">{t('act.closeHint')}</Text>
      <Textarea
        label={t('form.reason')}
        required
        maxLength={500}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormModal>
  )
}
