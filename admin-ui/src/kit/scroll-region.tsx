import { ScrollArea } from '@mantine/core'
import type { ReactNode } from 'react'

/** What may be wider than the window, such as a table: it scrolls within itself, by the keyboard too. */
export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>{children}</ScrollArea>
  )
}
