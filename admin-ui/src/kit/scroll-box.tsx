import { Box } from '@mantine/core'
import type { ReactNode } from 'react'

/** Something wider or longer than its place: it scrolls there, with the keyboard too. */
export function ScrollBox({
  label,
  maxHeight,
  children,
}: {
  label: string
  maxHeight?: number
  children: ReactNode
}) {
  return (
    <Box
      component="section"
      aria-label={label}
      tabIndex={0}
      style={{ overflow: 'auto', ...(maxHeight === undefined ? {} : { maxHeight }) }}
    >
      {children}
    </Box>
  )
}
