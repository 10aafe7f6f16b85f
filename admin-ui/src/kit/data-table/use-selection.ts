import { useState } from 'react'
import type { Query, Selection } from './types.ts'

/** What is selected of a list. Another filter selects nothing: what is not seen must not be acted on. */
export function useSelection(filter: Query) {
  const key = JSON.stringify(filter)
  const [state, setState] = useState<{ key: string; ids: ReadonlySet<string>; isAll: boolean }>({
    key,
    ids: new Set(),
    isAll: false,
  })
  const now = state.key === key ? state : { key, ids: new Set<string>(), isAll: false }
  const change = (ids: Iterable<string>, isAll = false) => setState({ key, ids: new Set(ids), isAll })
  const selection: Selection | null = now.isAll
    ? { all: filter }
    : now.ids.size > 0
      ? { ids: [...now.ids] }
      : null
  return {
    selection,
    count: now.ids.size,
    isAll: now.isAll,
    has: (id: string) => now.isAll || now.ids.has(id),
    toggle: (id: string) =>
      change(now.ids.has(id) ? [...now.ids].filter((one) => one !== id) : [...now.ids, id]),
    select: (ids: readonly string[]) => change(ids),
    selectAll: () => change([], true),
    clear: () => change([]),
  }
}
export type ListSelection = ReturnType<typeof useSelection>
