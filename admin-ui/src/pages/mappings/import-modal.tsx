import { FileInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormModal } from '../../kit/form-modal.tsx'
import { useAction } from '../../kit/use-action.ts'
import { importCsv, type Kind } from './mapping-data.ts'

type Props = { connectionId: string; kind: Kind; onClose: () => void }

/** Takes a file back in that was downloaded here and filled in. */
export function ImportModal({ connectionId, kind, onClose }: Props) {
  const { t } = useTranslation('mappings')
  const [file, setFile] = useState<File | null>(null)
  const action = useAction({
    run: async () => importCsv(connectionId, kind, await file!.text()),
    topics: ['mappings'],
    done: ({ changes }) => t('csv.done', { count: changes }),
    onDone: onClose,
    isErrorShown: true,
  })
  return (
    <FormModal
      title={t('csv.open')}
      submit={t('csv.submit')}
      isOpen
      onClose={onClose}
      action={action}
      onSubmit={() => action.mutate()}
      isReady={file !== null}
    >
      <Text size="sm">{t(kind === 'attribute_value' ? 'csv.hintValues' : 'csv.hint')}</Text>
      <FileInput
        label={t('csv.file')}
        placeholder={t('csv.choose')}
        accept=".csv,text/csv"
        required
        value={file}
        onChange={setFile}
        clearable
        clearButtonProps={{ 'aria-label': t('choice.clear') }}
      />
    </FormModal>
  )
}
