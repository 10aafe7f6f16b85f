/** Where the hub reads the time. Passed in everywhere, so that a test or a simulation can hold it still. */
export type Clock = {
  /** The present instant. */
  now(): Date
  /** Resolves after `ms` milliseconds, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.max(0, ms))
      signal?.addEventListener('abort', done, { once: true })
    }),
}

/** A clock that stands still until it is moved; `sleep` moves it and returns at once. */
export function manualClock(start: Date | string): Clock & { advance(ms: number): void } {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    sleep: async (ms) => {
      at += Math.max(0, ms)
    },
    advance: (ms) => {
      at += ms
    },
  }
}
