/** Who changed something last, and when, as far as that is known. */
type LastChange = { revision: number; by: string | null; at: Date | null }

/** What somebody is told whose edit began with a revision that is no longer the present one. */
export function staleEdit(what: string, edited: number, { revision, by, at }: LastChange): string {
  const who = by === null ? '' : ` by ${by}`
  const when = at === null ? '' : ` at ${at.toISOString()}`
  return `${what} was changed meanwhile${who}${when}: you edited revision ${edited}, it is at ${revision}. Load it again and repeat your change.`
}
