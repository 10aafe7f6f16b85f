import { useEffect, useRef } from 'react'

/** Keys belong to whoever types, and to an open window. */
const isBusy = (target: EventTarget | null): boolean =>
  (target instanceof HTMLElement &&
    target.closest('input:not([type="radio"]), textarea, select, [contenteditable="true"]') !== null) ||
  document.querySelector('[role="dialog"]') !== null

/** A radio button goes from one to the next by the arrows. */
const isRadio = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === 'radio'

/** Controls that a key of their own works. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, [role="tab"]') !== null

/** How long after g a letter goes to a page, in milliseconds. */
const goMs = 1_200

/** Calls what a key stands for: `j`, `Enter`, `1` … A letter after g goes to a page and is left alone. */
export function useWordKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys)
  latest.current = keys
  const goSince = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return
      const isGoing = event.timeStamp - goSince.current < goMs
      if (event.key === 'g') goSince.current = event.timeStamp
      if (isGoing || (isControl(event.target) && ['Enter', ' '].includes(event.key))) return
      if (isRadio(event.target) && event.key.startsWith('Arrow')) return
      const act = latest.current[event.key]
      if (!act) return
      event.preventDefault()
      // Here / looks for words, and not for pages.
      event.stopPropagation()
      act()
    }
    document.addEventListener('keydown', press, true)
    return () => document.removeEventListener('keydown', press, true)
  }, [])
}
