import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'

export type PageFrameProps = {
  title: string
  /** One sentence: what this page is for. */
  hint?: ReactNode
  /** Buttons of the whole page, the most usual first. */
  actions?: ReactNode
  children: ReactNode
}

/** The frame of every page: its heading, which takes the focus when the page opens so that a screen reader says it. */
export function PageFrame({ title, hint, actions, children }: PageFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Entrepot`
  }, [title])
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1} ref={heading} tabIndex={-1} dir="auto">
            {title}
          </Title>
          {hint && (
            <Text c="dimmed" size="sm" maw={720}>
              {hint}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
