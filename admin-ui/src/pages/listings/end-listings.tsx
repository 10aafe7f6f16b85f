import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import type { Selection } from '../../kit/data-table/types.ts'
import { ErrorNote } from '../../kit/error-note.tsx'
import { useAction } from '../../kit/use-action.ts'

/** Takes selected listings of one connection off the shelf, as long work. */
export function EndMany({
  selection,
  connectionId,
  onDone,
}: {
  selection: Selection
  connectionId: string | null
  onDone: () => void
}) {
  const { t } = useTranslation('listings')
  if (!('ids' in selection)) return null
  if (!connectionId)
    return (
      <Text size="sm" c="dimmed">
        {t('end.chooseConnection')}
      </Text>
    )
  return <EndButton ids={selection.ids} connectionId={connectionId} onDone={onDone} />
}

/** Asks why, then ends listings; too many at once become a proposal that somebody approves. */
export function EndButton({
  ids,
  connectionId,
  onDone,
}: {
  ids: readonly string[]
  connectionId: string
  onDone?: () => void
}) {
  const { t } = useTranslation('listings')
  const [isOpen, { open, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const end = useAction({
    run: () => read(api.api.bulk['end-listings'].$post({ json: { connectionId, ids: [...ids], reason } })),
    topics: ['listings', 'products', 'proposals', 'work'],
    isErrorShown: true,
    onDone: (outcome) => {
      notifications.show({
        color: 'green',
        closeButtonProps: { 'aria-label': t('kit:close') },
        message: 'proposalId' in outcome ? t('end.proposed') : t('end.started'),
      })
      close()
      onDone?.()
    },
  })
  return (
    <>
      <Button size="xs" color="red" variant="light" onClick={open}>
        {t('end.button', { count: ids.length })}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('end.title')}
        closeButtonProps={{ 'aria-label': t('kit:close') }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            end.mutate()
          }}
        >
          <Stack>
            <Text size="sm">{t('end.question', { count: ids.length })}</Text>
            <TextInput
              label={t('end.reason')}
              required
              maxLength={500}
              data-autofocus
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            {end.error && <ErrorNote error={end.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('kit:cancel')}
              </Button>
              <Button type="submit" color="red" loading={end.isPending}>
                {t('end.button', { count: ids.length })}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
