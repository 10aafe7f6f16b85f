import { Button, FileButton, Paper, Stack, Text } from '@mantine/core'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'
import { sendFile } from './fields.ts'

/** Takes a file by choosing or by dropping it. */
export function UploadStep() {
  const { t } = useTranslation('imports')
  const navigate = useNavigate()
  const [isOver, setIsOver] = useState(false)
  const send = useAction({
    run: sendFile,
    topics: [],
    onDone: ({ id }) => void navigate({ to: '.', search: { upload: id } as never }),
    isErrorShown: true,
  })
  const take = (file: File | null | undefined) => {
    if (file) send.mutate(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files[0])
  }
  return (
    <Stack maw={720}>
      {send.error && <ErrorNote error={send.error} />}
      <Paper
        withBorder
        p="xl"
        role="group"
        aria-label={t('upload.drop')}
        bg={isOver ? 'var(--mantine-primary-color-light)' : undefined}
        style={{ borderStyle: 'dashed' }}
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <Stack align="center" gap="sm">
          <IconFileSpreadsheet size={40} aria-hidden />
          <Text fw={600}>{t('upload.drop')}</Text>
          <Text size="sm" c="dimmed" ta="center" maw={520}>
            {t('upload.hint')}
          </Text>
          <FileButton onChange={take} accept=".csv,.tsv,.txt,.xlsx,text/csv">
            {(props) => (
              <Button {...props} loading={send.isPending}>
                {t('upload.choose')}
              </Button>
            )}
          </FileButton>
        </Stack>
      </Paper>
    </Stack>
  )
}
