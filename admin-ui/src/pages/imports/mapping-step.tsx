import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { useAction } from '../../kit/use-action.ts'
import { ColumnTable } from './column-table.tsx'
import { type Mapping, missingOf, type ReadAs, readUpload, type Target, type Upload } from './fields.ts'
import { FileSettings } from './file-settings.tsx'
import { useFieldLabel } from './use-field-label.ts'

type Props = {
  upload: Upload
  mapping: Mapping
  onUpload: (upload: Upload) => void
  onMapping: (mapping: Mapping) => void
  onPreview: (workId: string) => void
}

/** What each column means, with the hub's suggestion and some of its cells beside it. */
export function MappingStep(props: Props) {
  const query = useQuery({
    queryKey: ['import-fields'],
    queryFn: () => read(api.api['import-fields'].$get()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <QueryView query={query}>{({ items }) => <MappingForm {...props} targets={items} />}</QueryView>
}

function MappingForm({
  upload,
  mapping,
  onUpload,
  onMapping,
  onPreview,
  targets,
}: Props & { targets: readonly Target[] }) {
  const { t } = useTranslation('imports')
  const label = useFieldLabel()
  const saved = upload.saved[0]
  const missing = missingOf(mapping, targets)
  const readAgain = useAction({
    run: (readAs: ReadAs) => readUpload(upload.id, { kind: mapping.kind, ...readAs }),
    topics: [],
    onDone: (again) => {
      onUpload(again)
      const { kind, encoding, delimiter, decimal, dateOrder } = again
      onMapping({ ...mapping, kind, encoding, delimiter, decimal, dateOrder, fields: again.fields as never })
    },
  })
  const preview = useAction({
    run: () =>
      read(api.api['import-uploads'][':id'].preview.$post({ param: { id: upload.id }, json: mapping })),
    topics: ['work'],
    onDone: ({ id }) => onPreview(id),
    isErrorShown: true,
  })
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Text fw={600} dir="auto">
          {upload.fileName}
        </Text>
        <Badge variant="light" tt="none">
          {upload.encoding}
        </Badge>
        {saved && (
          <Badge variant="light" color="green" tt="none">
            {t('mapping.remembered', { who: saved.savedBy })}
          </Badge>
        )}
      </Group>
      <FileSettings
        mapping={mapping}
        onMapping={onMapping}
        onReadAgain={(readAs) => readAgain.mutate(readAs)}
        isBusy={readAgain.isPending}
      />
      <ColumnTable upload={upload} mapping={mapping} targets={targets} onMapping={onMapping} />
      {missing.length > 0 && (
        <Alert color="orange">
          {t('mapping.missing', {
            fields: missing.map((target) => label(target.field, target.label)).join(', '),
          })}
        </Alert>
      )}
      {preview.error && <ErrorNote error={preview.error} />}
      <Group>
        <Button disabled={missing.length > 0} loading={preview.isPending} onClick={() => preview.mutate()}>
          {t('mapping.check')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('mapping.checkHint')}
        </Text>
      </Group>
    </Stack>
  )
}
