/** Remembers in which line a key stood first. */
export type LineIndex = {
  /** The line where the key stood before, or null when it is new: then it is remembered at `line`. */
  claim(key: string, line: number): number | null
  /** The line where the key stood first, or null. */
  find(key: string): number | null
}

/**
 * An index in 12 bytes a slot, so that a file of millions of SKUs costs tens of megabytes, not hundreds.
 * Keys are held as 64-bit hashes: among a million, two share one with a chance of 1 in 30 million, and then
 * the second row is refused by name rather than lost.
 */
export function createLineIndex(): LineIndex {
  let slots = 1024
  let used = 0
  let table = new Uint32Array(slots * 3)
  /** The place of a hash, or the free one where it belongs. Lines count from 1, so 0 is free. */
  const place = (high: number, low: number): number => {
    for (let slot = low % slots; ; slot = (slot + 1) % slots) {
      const at = slot * 3
      if (table[at + 2] === 0 || (table[at] === high && table[at + 1] === low)) return at
    }
  }
  const put = (high: number, low: number, line: number) => {
    const at = place(high, low)
    table[at] = high
    table[at + 1] = low
    table[at + 2] = line
  }
  const grow = () => {
    const old = table
    slots *= 2
    table = new Uint32Array(slots * 3)
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] !== 0) put(old[at]!, old[at + 1]!, old[at + 2]!)
    }
  }
  return {
    find: (key) => table[place(...hash(key)) + 2]! || null,
    claim: (key, line) => {
      const [high, low] = hash(key)
      const found = table[place(high, low) + 2]!
      if (found !== 0) return found
      put(high, low, line)
      used += 1
      if (used > slots * 0.6) grow()
      return null
    },
  }
}

/** Two 32-bit halves that each depend on every character (the mixing steps of MurmurHash3). */
function hash(key: string): [number, number] {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return [high >>> 0, low >>> 0]
}
