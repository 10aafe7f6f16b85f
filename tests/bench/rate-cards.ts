import { startChild } from './child.ts'
import type { control as rateCardControl } from './rate-cards-process.ts'
import { atLeast, atMost, type Bench, type Figure, type Row } from './row.ts'

const parcels = 100_000

/** Prices of a made-up carrier with zones, volume, steps and surcharges, in a process of its own. */
async function measure(_bench: Bench): Promise<Row[]> {
  const child = await startChild<typeof rateCardControl>('./rate-cards-process.ts', {})
  try {
    const { quotes, offered, elapsedMs, grownBytes } = await child.call('run', parcels)
    const size = `${parcels.toLocaleString('en')} parcels x ${quotes / parcels} services`
    // Nearly all must be real prices: to refuse is quicker.
    if (offered < quotes * 0.9) throw new Error(`Only ${offered} of ${quotes} quotes were offered.`)
    return [
      atLeast(`rate cards, ${size}, on one core`, quotes / (elapsedMs / 1000), 200_000, 'quotes/s'),
      atMost(`rate cards, ${size}, growth of memory after the first tenth`, grownBytes / 2 ** 20, 32, 'MB'),
    ]
  } finally {
    await child.kill()
  }
}

export const figures: Figure[] = [{ name: 'rate cards', measure }]
