import { ScrollArea, Table, type TableProps } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = {
  label: string
  /** In pixels; left out, it is as tall as what it holds. */
  maxHeight?: number
  children: ReactNode
}

/** What may be wider or longer than its place: it scrolls within itself, by the keyboard too. */
export function ScrollRegion({ label, maxHeight, children }: Props) {
  const viewportProps = { tabIndex: 0, role: 'region', 'aria-label': label }
  if (maxHeight === undefined) return <ScrollArea viewportProps={viewportProps}>{children}</ScrollArea>
  return (
    <ScrollArea.Autosize viewportProps={viewportProps} mah={maxHeight}>
      {children}
    </ScrollArea.Autosize>
  )
}

/** A table that is moved sideways, also by the keyboard, where the window is narrower than `miw`. */
export const ScrollTable = ({ label, ...table }: TableProps & { label: string }) => (
  <ScrollRegion label={label}>
    <Table {...table} />
  </ScrollRegion>
)
