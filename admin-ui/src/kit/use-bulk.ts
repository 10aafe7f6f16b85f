import type { Selection } from './data-table/types.ts'
import { useAction } from './use-action.ts'

/** What a bulk action of the API takes: ids, or the filter of the list. */
export type BulkBody = { ids: string[] } | { filter: Record<string, string> }

/** Parameters of a list that say how it is shown, not what is in it. */
const notFilters = ['sort', 'limit', 'after', 'count', 'state', 'status', 'view']

export const toBulkBody = (selection: Selection): BulkBody =>
  'ids' in selection
    ? { ids: [...selection.ids] }
    : {
        filter: Object.fromEntries(
          Object.entries(selection.all).filter(([name]) => !notFilters.includes(name)),
        ),
      }

/** Starts long work on what is chosen; it is followed in the header. */
export function useBulk<Body>(
  start: (body: Body) => Promise<unknown>,
  { topic, said, onStarted }: { topic: string; said: string; onStarted?: () => void },
) {
  return useAction<Body>({
    run: start,
    topics: ['work', topic],
    done: said,
    ...(onStarted ? { onDone: onStarted } : {}),
  })
}
