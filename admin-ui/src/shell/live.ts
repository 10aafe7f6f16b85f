import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useExpiry } from '../session/expiry.ts'

export type LiveState = 'connecting' | 'live' | 'lost'

/**
 * Listens to what changes in the hub. A change names topics; every query whose key begins with one of them is read
 * again: `queryKey: ['orders', filter]` follows the topic "orders". After a lost connection everything is read again,
 * because nobody knows what was missed.
 */
export function useLive(): LiveState {
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const { signIns } = useExpiry()
  // A stream that was refused is not tried again by itself: it is opened anew after a sign-in.
  useEffect(() => {
    const source = new EventSource('/api/live')
    let wasLost = false
    source.addEventListener('open', () => {
      setState('live')
      if (wasLost) void queries.invalidateQueries()
      wasLost = false
    })
    source.addEventListener('error', () => {
      wasLost = true
      setState('lost')
    })
    source.addEventListener('changed', (event) => {
      const { topics } = JSON.parse((event as MessageEvent<string>).data) as { topics: string[] }
      for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] })
    })
    return () => source.close()
  }, [queries, signIns])
  return state
}
