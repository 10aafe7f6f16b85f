import type { ReactNode } from 'react'

/** Query parameters of a list, as they stand in the address. */
export type Query = Record<string, string>

export type Column<Row> = {
  /** Also the name of the column in the list's CSV. */
  id: string
  label: string
  cell: (row: Row) => ReactNode
  /** The field of the API's `sort`, where the list can be sorted by it. */
  sort?: string
  align?: 'start' | 'end'
  /** In pixels; the rest of the width is shared by those without. */
  width?: number
  /** Shown only when chosen. */
  isOptional?: boolean
}

/** One thing that a list can be filtered by: its `id` is the query parameter. */
export type Filter = { id: string; label: string } & (
  | { kind: 'choice'; options: readonly { value: string; label: string }[] }
  | { kind: 'flag' }
  | { kind: 'text' }
)

/** What is selected: rows by their ids, or all that the filter finds, on every page. */
export type Selection = { ids: readonly string[] } | { all: Query }

export type ListPage<Row> = {
  items: readonly Row[]
  next: string | null
  count?: { rows: number; isMore: boolean } | undefined
}

export type DataTableProps<Row> = {
  /** The name of the list: what saved views and remembered columns are kept by. */
  list: string
  /** The topic whose live changes make it read again; usually the resource. */
  topic: string
  /** What the table shows, for a screen reader. */
  label: string
  columns: readonly Column<Row>[]
  filters?: readonly Filter[]
  /** What the search box looks for; there is no search without. */
  searchLabel?: string
  initialSort: string
  rowId: (row: Row) => string
  /** Reads one page: query parameters of the API, `limit`, `after`, `sort` and filters among them. */
  readPage: (query: Query) => Promise<ListPage<Row>>
  /** What opening a row does (Enter, or a press on it outside of links). */
  onOpen?: (row: Row) => void
  /** The list's CSV route, such as `/api/products.csv`. */
  csvPath?: string
  /** Buttons for what is selected; rows cannot be selected without. */
  bulk?: (selection: Selection, clear: () => void) => ReactNode
  /** Whether all that the filter finds may be selected too. */
  canSelectAll?: boolean
  /** What is said when there is nothing at all, and what to do. */
  empty: { title: string; hint?: ReactNode; action?: ReactNode }
  /** Filters that always hold and do not stand in the address, such as the connection of the page. */
  fixed?: Query
  /** Height of the rows' window; the rest of the screen unless told. */
  height?: string | number
}
