import { Table, type TableProps } from '@mantine/core'
import { ScrollRegion } from './scroll-region.tsx'

/** A table that is moved sideways, also by the keyboard, where the window is narrower than `miw`. */
export const ScrollTable = ({ label, ...table }: TableProps & { label: string }) => (
  <ScrollRegion label={label}>
    <Table {...table} />
  </ScrollRegion>
)
