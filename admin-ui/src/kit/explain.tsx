import { Popover, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** A figure that says how it came to be when it is pressed. `because` may hold links to the rows behind it. */
export function Explain({
  children,
  because,
  label,
}: {
  children: ReactNode
  because: ReactNode
  label: string
}) {
  const { t } = useTranslation('kit')
  return (
    <Popover width={340} position="bottom-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          style={{ textDecoration: 'underline dotted', textUnderlineOffset: 3, font: 'inherit' }}
        >
          {children}
          <VisuallyHidden> {t('explain.why', { label })}</VisuallyHidden>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="xs" c="dimmed">
          {t('explain.title', { label })}
        </Text>
        <Text size="sm" component="div" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
          {because}
        </Text>
      </Popover.Dropdown>
    </Popover>
  )
}
