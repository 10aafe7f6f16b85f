/** The same shape with every leaf of a type that no description allows: what does not object to it looks at nothing. */
export function corrupt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(corrupt)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, corrupt(inner)]))
  return { corrupted: [true] }
}

/** Whether there is anything in it to corrupt. */
export const hasLeaves = (value: unknown): boolean =>
  value !== null &&
  typeof value === 'object' &&
  Object.values(value).some((inner) => typeof inner !== 'object' || hasLeaves(inner))
