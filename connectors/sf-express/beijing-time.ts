/** An instant from SF's "2026-03-02 17:00:00": always Beijing's time, which has no summer time. */
export const fromBeijing = (local: string): Date => new Date(`${local.replace(' ', 'T')}+08:00`)

/** The instant as SF writes it. */
export const toBeijing = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
