/** The facts that a text holds as JSON, as values of listings come from the API; null where it is only a text. */
export function factsOfText(text: string): [string, string][] | null {
  if (!text.startsWith('{')) return null
  try {
    return Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => [
      name,
      String(value),
    ])
  } catch {
    return null
  }
}
