/** Edges in millimetres. */
export type Size = { lengthMm: number; widthMm: number; heightMm: number }

type Edges = readonly [number, number, number]

/** The six ways to lay a block. */
const turns: readonly (readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]

/**
 * Fills a box with blocks: each goes into the smallest free space that takes it, and what is left of that space
 * is cut into three (guillotine cuts). What it places surely fits; it may miss an arrangement that a person finds.
 */
export function createFiller(box: Size): { place(block: Size): boolean } {
  let spaces: Edges[] = [[box.lengthMm, box.widthMm, box.heightMm]]
  return {
    place({ lengthMm, widthMm, heightMm }) {
      const block: Edges = [lengthMm, widthMm, heightMm]
      for (const space of spaces) {
        const laid = lay(block, space)
        if (!laid) continue
        spaces = [...spaces.filter((other) => other !== space), ...cut(space, laid)].sort(
          (a, b) => volume(a) - volume(b),
        )
        return true
      }
      return false
    },
  }
}

/** The block turned so that it fits, leaving the least of the space's narrowest gap; null when it fits no way. */
function lay(block: Edges, [x, y, z]: Edges): Edges | null {
  let best: Edges | null = null
  let bestGap = Infinity
  for (const [a, b, c] of turns) {
    const turned: Edges = [block[a], block[b], block[c]]
    if (turned[0] > x || turned[1] > y || turned[2] > z) continue
    const gap = Math.min(x - turned[0], y - turned[1], z - turned[2])
    if (gap < bestGap) {
      best = turned
      bestGap = gap
    }
  }
  return best
}

const cut = ([x, y, z]: Edges, [a, b, c]: Edges): Edges[] =>
  (
    [
      [x - a, y, z],
      [a, y - b, z],
      [a, b, z - c],
    ] as const
  ).filter((space) => space.every((edge) => edge > 0))

const volume = ([x, y, z]: Edges): number => x * y * z
