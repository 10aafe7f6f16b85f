import type { Context } from 'hono'

/** Simple Shop's way of saying no. */
export const refuse = (c: Context, status: 401 | 404 | 409 | 422 | 429, code: string, message: string) =>
  c.json({ code, message }, status)

/** Items from `after` on, and the cursor behind them. */
export function pageOf<Item>(items: readonly Item[], after: string | undefined, pageSize = 50) {
  const start = Number(after || 0)
  const page = items.slice(start, start + pageSize)
  const next = start + page.length
  return { page, next: String(next), more: next < items.length }
}
