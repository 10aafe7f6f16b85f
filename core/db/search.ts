import { type Column, type SQL, sql } from 'drizzle-orm'

/** More words than this are a text, not a search. */
const mostWords = 8

/**
 * Whether what a variant is found by contains each word of `q`, in any script, whatever the case and the accents. One or
 * two ASCII letters are less than a trigram, which the index is made of: they are looked for where a word begins.
 */
export function isFound(column: Column, q: string): SQL {
  const words = q
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, mostWords)
  return sql.join(
    words.map((word) => {
      const literal = word.replace(/[\\%_]/g, '\\$&')
      const opening = /^[\x21-\x7e]{1,2}$/.test(word) ? '% ' : '%'
      return sql`${column} like ${opening}::text || search_text(${literal}::text) || '%'`
    }),
    sql` and `,
  )
}
