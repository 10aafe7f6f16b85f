import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useVisiblePages } from './use-visible-pages.ts'

/** How long after g its second key is waited for, in milliseconds. */
const patienceMs = 1_200

/** Keys are for the page only while nobody types into it. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]') !== null

/** Keys that work everywhere: g and a letter goes to a page, ? lists them all. */
export function Shortcuts() {
  const { t } = useTranslation('shell')
  const navigate = useNavigate()
  const pages = useVisiblePages()
  const [isOpen, { open, close }] = useDisclosure(false)
  const goSince = useRef(0)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') return open()
      if (event.key === 'g') {
        goSince.current = event.timeStamp
        return
      }
      if (event.timeStamp - goSince.current > patienceMs) return
      goSince.current = 0
      const page = pages.find(({ nav }) => nav?.key === event.key)
      if (!page) return
      event.preventDefault()
      void navigate({ to: page.path })
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [navigate, open, pages])
  const rows: [string[], string][] = [
    [['⌘/Ctrl', 'K'], t('shortcuts.palette')],
    [['?'], t('shortcuts.help')],
    ...pages.flatMap(({ nav }): [string[], string][] =>
      nav?.key ? [[['g', nav.key], t(`nav.${nav.id}`)]] : [],
    ),
  ]
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('kit:close') }}
    >
      <Stack gap={6}>
        {rows.map(([keys, label]) => (
          <Group key={label} justify="space-between">
            <Text size="sm">{label}</Text>
            <Group gap={4}>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}
