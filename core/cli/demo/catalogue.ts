import type { ProductInput } from '../../catalog/catalog.ts'

/** A small made-up catalogue: plain products and some in sizes. The same seed gives the same goods. */
export type DemoVariant = { sku: string; priceMinor: number; stock: number }

const materials = ['Oak', 'Linen', 'Steel', 'Cotton', 'Clay', 'Wool', 'Glass', 'Cork']
const things = ['bowl', 'lamp', 'blanket', 'mug', 'shelf', 'scarf', 'tray', 'apron', 'vase', 'stool']
const sizes = ['S', 'M', 'L']

/** Every fifth product comes in three sizes. */
export function makeCatalogue(
  count: number,
  random: () => number,
): { products: ProductInput[]; variants: DemoVariant[] } {
  const products: ProductInput[] = []
  const variants: DemoVariant[] = []
  for (let number = 1; number <= count; number += 1) {
    const name = `${pick(materials, random)} ${pick(things, random)}`
    const key = `D${String(number).padStart(5, '0')}`
    const isSized = number % 5 === 0
    const skus = isSized ? sizes.map((size) => `${key}-${size}`) : [key]
    const priceMinor = 500 + Math.floor(random() * 9500)
    products.push({
      key,
      title: { en: `${name} no. ${number}` },
      description: { en: `A ${name.toLowerCase()}, made to last.` },
      brand: 'Entrepot Demo',
      attributes: { Material: name.split(' ')[0]! },
      optionNames: isSized ? ['Size'] : [],
      variants: skus.map((sku, index) => ({
        sku,
        options: optionsOf(isSized ? sizes[index] : undefined),
        weightGrams: 100 + Math.floor(random() * 3000),
      })),
    })
    for (const sku of skus) variants.push({ sku, priceMinor, stock: 5 + Math.floor(random() * 20) })
  }
  return { products, variants }
}

const optionsOf = (size: string | undefined): Record<string, string> =>
  size === undefined ? {} : { Size: size }

const pick = <Item>(items: readonly Item[], random: () => number): Item =>
  items[Math.floor(random() * items.length)]!

/** Numbers in [0, 1) from a seed: mulberry32, small and good enough for play. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
