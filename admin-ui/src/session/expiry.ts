import { useSyncExternalStore } from 'react'
import { ApiError } from '../api.ts'

/** Whether the session ended under the page, and how often somebody has signed in since the page was loaded. */
type Expiry = { isExpired: boolean; signIns: number }

let state: Expiry = { isExpired: false, signIns: 0 }
const listeners = new Set<() => void>()

function change(next: Expiry): void {
  state = next
  for (const listener of listeners) listener()
}

/** To be told of every refusal: one that says nobody is signed in brings the login over the page. */
export function noticeExpiry(error: unknown): void {
  const isOut = error instanceof ApiError && error.status === 401
  if (isOut && !state.isExpired) change({ ...state, isExpired: true })
}

export const noticeSignIn = (): void => change({ isExpired: false, signIns: state.signIns + 1 })

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useExpiry = (): Expiry => useSyncExternalStore(subscribe, () => state)
