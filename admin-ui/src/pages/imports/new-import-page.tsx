import { Stepper } from '@mantine/core'
import { useSessionStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PageFrame } from '../../kit/page-frame.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { firstMapping, type Mapping, readUpload, type Upload } from './fields.ts'
import { MappingStep } from './mapping-step.tsx'
import { PreviewStep } from './preview-step.tsx'
import { UploadStep } from './upload-step.tsx'

type Search = { upload?: string; preview?: string }

/** A file from the computer into the hub: sent, its columns named, looked through, imported. */
export default function NewImportPage() {
  const { t } = useTranslation('imports')
  const { upload, preview } = useSearch({ strict: false }) as Search
  const step = !upload ? 0 : !preview ? 1 : 2
  return (
    <PageFrame title={t('wizard.title')} hint={t('wizard.hint')}>
      <Stepper active={step} size="sm" allowNextStepsSelect={false}>
        <Stepper.Step label={t('wizard.send')} allowStepSelect={false} />
        <Stepper.Step label={t('wizard.map')} allowStepSelect={false} />
        <Stepper.Step label={t('wizard.check')} allowStepSelect={false} />
      </Stepper>
      {upload ? <Sent key={upload} id={upload} preview={preview} /> : <UploadStep />}
    </PageFrame>
  )
}

/** Keeps what was mapped while its preview is looked at, and when the page is loaded again. */
function Sent({ id, preview }: { id: string; preview: string | undefined }) {
  const [mapping, setMapping] = useSessionStorage<Mapping | null>({
    key: `entrepot-import-${id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  })
  const query = useQuery({
    queryKey: ['import-uploads', id],
    queryFn: () => readUpload(id, mapping ? readAsOf(mapping) : {}),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <QueryView query={query}>
      {(upload) => (
        <MapAndCheck
          upload={upload}
          preview={preview}
          mapping={mapping ?? firstMapping(upload)}
          onMapping={setMapping}
        />
      )}
    </QueryView>
  )
}

const readAsOf = ({ kind, encoding, delimiter }: Mapping) => ({ kind, encoding, delimiter })

type Props = {
  upload: Upload
  preview: string | undefined
  mapping: Mapping
  onMapping: (mapping: Mapping) => void
}

function MapAndCheck({ upload, preview, mapping, onMapping }: Props) {
  const navigate = useNavigate()
  const [seen, setSeen] = useState(upload)
  const show = (search: Search) => void navigate({ to: '.', search: search as never })
  if (preview)
    return (
      <PreviewStep
        upload={seen}
        workId={preview}
        onBack={(previewed) => {
          if (previewed) onMapping(previewed)
          show({ upload: upload.id })
        }}
      />
    )
  return (
    <MappingStep
      upload={seen}
      mapping={mapping}
      onUpload={setSeen}
      onMapping={onMapping}
      onPreview={(workId) => show({ upload: upload.id, preview: workId })}
    />
  )
}
