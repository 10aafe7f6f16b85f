import { systemClock } from '../../core/lib/clock.ts'
import { rateShop } from '../../core/sync/rate-shop.ts'
import { simpleCourier } from '../sdk/simple-courier/index.ts'
import { createSimpleCourierSandbox } from '../sdk/simple-courier/sandbox.ts'
import { openCourier } from '../shipments/support.ts'
import { createTestHub } from '../support/hub.ts'
import { type Bench, type Figure, median, ofFloor, type Row } from './row.ts'

/** How long each courier takes to answer: together they take more than two seconds. */
const delaysMs = [100, 200, 300, 400, 500, 600]
const place = { country: 'US', postcode: '62701', city: null, region: 'IL', isResidential: null }
const request = {
  from: place,
  to: { ...place, postcode: '78701', region: 'TX' },
  parcels: [{ weightGrams: 1200, lengthMm: 200, widthMm: 150, heightMm: 100 }],
  shipAt: new Date(),
  declaredValue: null,
}
const rounds = 5

/** Prices of couriers that answer at different speeds, against the slowest of them alone. */
async function measure(bench: Bench): Promise<Row[]> {
  const database = await bench.server.clone()
  const hub = createTestHub(database, [simpleCourier])
  const couriers = []
  try {
    for (const delayMs of delaysMs) {
      const courier = await openCourier(
        hub,
        simpleCourier,
        () => createSimpleCourierSandbox({ clock: systemClock }),
        `courier ${delayMs}`,
      )
      courier.sandbox.faults.add({ kind: 'slow', delayMs, times: Infinity })
      couriers.push(courier)
    }
    await rateShop(hub, request)
    const seconds: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now()
      const { offers } = await rateShop(hub, request)
      seconds.push((performance.now() - startedAt) / 1000)
      if (offers.length !== 2 * delaysMs.length) throw new Error(`${offers.length} offers came.`)
    }
    const name = `rate shop, ${delaysMs.length} couriers, against the slowest of them alone`
    return [ofFloor(name, median(seconds), Math.max(...delaysMs) / 1000, 0.85)]
  } finally {
    for (const { sandbox } of couriers) await sandbox.close()
    await database.drop()
  }
}

export const figures: Figure[] = [{ name: 'rate shop', measure }]
