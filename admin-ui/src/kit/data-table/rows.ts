import type { Virtualizer } from '@tanstack/react-virtual'
import type { Column } from './types.ts'
import type { Address } from './use-list.ts'
import type { ListSelection } from './use-selection.ts'

/** What both ways of drawing rows are given. */
export type RowsProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  virtual: Virtualizer<HTMLDivElement, Element>
  /** How many rows there are in all; -1 when nobody knows (https://www.w3.org/TR/wai-aria-1.2/#aria-rowcount). */
  total: number
  rowId: (row: Row) => string
  selection: ListSelection | null
  address: Address
  active: number | null
  onActive: (index: number) => void
  onOpen: ((row: Row) => void) | undefined
}
