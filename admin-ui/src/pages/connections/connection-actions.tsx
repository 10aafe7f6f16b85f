import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'
import { useAction } from '../../kit/use-action.ts'
import { hasRole } from '../../shell/page.ts'
import { useRole } from '../../shell/use-me.ts'
import type { Connection } from './use-connections.ts'

/** Tests a connection, starts its tasks, pauses it, and lets it go on. */
export function ConnectionActions({ connection: { id, name, status } }: { connection: Connection }) {
  const { t } = useTranslation('connections')
  const role = useRole()
  const param = { id }
  const test = useAction({
    run: () => read(api.api.connections[':id'].test.$post({ param })),
    topics: ['connections'],
    onDone: ({ message }) =>
      notifications.show({ color: 'green', title: t('test.done'), message, autoClose: 10_000 }),
  })
  const sync = useAction({
    run: () => read(api.api.connections[':id'].sync.$post({ param, query: {}, json: {} })),
    topics: ['runs'],
    done: t('sync.done', { name }),
  })
  const resume = useAction({
    run: () => read(api.api.connections[':id'].resume.$post({ param })),
    topics: ['connections'],
    done: t('resume.done', { name }),
  })
  return (
    <>
      {hasRole(role, 'operator') && (
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t('test.button')}
        </Button>
      )}
      {status !== 'paused' && hasRole(role, 'operator') && (
        <Button variant="default" loading={sync.isPending} onClick={() => sync.mutate()}>
          {t('sync.button')}
        </Button>
      )}
      {hasRole(role, 'manager') && status === 'active' && <PauseButton id={id} name={name} />}
      {hasRole(role, 'manager') && status !== 'active' && (
        <Button loading={resume.isPending} onClick={() => resume.mutate()}>
          {t('resume.button')}
        </Button>
      )}
    </>
  )
}

/** Pausing asks for the reason: whoever finds the connection paused wants to know it. */
function PauseButton({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('connections')
  const [isOpen, { open, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const pause = useAction({
    run: () => read(api.api.connections[':id'].pause.$post({ param: { id }, json: { reason } })),
    topics: ['connections'],
    done: t('pause.done', { name }),
    onDone: close,
  })
  return (
    <>
      <Button color="red" variant="light" onClick={open}>
        {t('pause.button')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('pause.title', { name })}
        closeButtonProps={{ 'aria-label': t('kit:close') }}
      >
        <Stack>
          <Textarea
            label={t('pause.reason')}
            description={t('pause.hint')}
            value={reason}
            maxLength={500}
            autosize
            minRows={2}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('kit:cancel')}
            </Button>
            <Button
              color="red"
              disabled={reason.trim() === ''}
              loading={pause.isPending}
              onClick={() => pause.mutate()}
            >
              {t('pause.button')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
