import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { type Db, query } from '../../core/db/client.ts'
import { listingAspects, listings } from '../../core/db/schema/index.ts'
import { transact } from '../../core/db/transact.ts'
import { newId } from '../../core/lib/id.ts'
import { setBundle } from '../../core/stock/allocation.ts'
import { changeStock } from '../../core/stock/change.ts'
import { defaultWarehouse } from '../../core/stock/levels.ts'
import { useDatabase } from '../support/database.ts'
import { createTestHub, seed, testAct } from '../support/hub.ts'
import { findViolations, stockViolations } from '../support/oracle.ts'
import { addSource, importNow, later, openProblems, remoteOrder, stockOf } from '../support/orders.ts'

describe('bundles', () => {
  const database = useDatabase()
  let made = 0
  /** A set of one pot and two lids, listed on a connection beside its parts. */
  const begin = async (pots: number, lids: number) => {
    const { db } = database()
    made += 1
    const [pot, lid, set] = [`POT${made}`, `LID${made}`, `SET${made}`]
    const ids = await seed(createTestHub(database(), []), [
      { sku: pot, stock: pots },
      { sku: lid, stock: lids },
      { sku: set, stock: 0 },
    ])
    const source = await addSource(db, `shop ${made}`)
    await transact(db, (tx) =>
      setBundle(
        tx,
        ids.get(set)!,
        [
          { variantId: ids.get(pot)!, quantity: 1 },
          { variantId: ids.get(lid)!, quantity: 2 },
        ],
        testAct(),
      ),
    )
    for (const [sku, variantId] of ids) await listAs(db, source.id, variantId, sku)
    return { db, pot, lid, set, ids, source }
  }
  const listAs = async (db: Db, connectionId: string, variantId: string, sku: string) => {
    const listingId = newId('lst')
    await db
      .insert(listings)
      .values({ id: listingId, connectionId, variantId, externalId: sku, status: 'live' })
    await db
      .insert(listingAspects)
      .values({ listingId, aspect: 'stock', connectionId, acknowledgedRevision: 1 })
  }
  const dirtySkus = async (db: Db, connectionId: string): Promise<string[]> => {
    const rows = await query<{ sku: string }>(
      db,
      sql`
      select listing.external_id as sku from listing_aspects state join listings listing on listing.id = state.listing_id
      where state.connection_id = ${connectionId} and state.revision > state.acknowledged_revision order by 1`,
    )
    await db.execute(
      sql`update listing_aspects set acknowledged_revision = revision where connection_id = ${connectionId}`,
    )
    return rows.map((row) => row.sku)
  }
  const count = (db: Db, variantId: string, onHand: number) =>
    transact(db, async (tx) =>
      changeStock(
        tx,
        [{ variantId, warehouseId: await defaultWarehouse(tx), onHand, reason: 'count' }],
        'count',
        testAct(),
      ),
    )

  test('a sold bundle holds all of its components', async () => {
    const { db, pot, lid, set, source } = await begin(5, 6)
    await importNow(db, source, [remoteOrder('b1', [{ sku: set, quantity: 3 }])])
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([{ reserved: 3 }, { reserved: 6 }])
    expect(await findViolations(db, [])).toEqual([])
  })

  test('a bundle that lacks one component holds none of the others', async () => {
    const { db, pot, lid, set, source } = await begin(5, 1)
    await importNow(db, source, [remoteOrder('b2', [{ sku: set }])])
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([{ reserved: 0 }, { reserved: 0 }])
    expect(await openProblems(db, 'oversold', source.id)).toHaveLength(1)
  })

  test('selling a bundle lowers the listings of its components, and selling a component that of the bundle', async () => {
    const { db, pot, lid, set, source } = await begin(5, 8)
    await dirtySkus(db, source.id)
    await importNow(db, source, [remoteOrder('b3', [{ sku: set }])])
    expect(await dirtySkus(db, source.id)).toEqual([lid, pot, set])
    await importNow(db, source, [remoteOrder('b4', [{ sku: pot }])])
    expect(await dirtySkus(db, source.id)).toEqual([pot, set])
  })

  test('a component that comes in fills the bundle that waits, and the other component falls on sale', async () => {
    const { db, pot, lid, set, ids, source } = await begin(5, 1)
    await importNow(db, source, [remoteOrder('b5', [{ sku: set }])])
    await dirtySkus(db, source.id)
    await count(db, ids.get(lid)!, 2)
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([{ reserved: 1 }, { reserved: 2 }])
    expect(await openProblems(db, 'oversold', source.id)).toEqual([])
    expect(await dirtySkus(db, source.id)).toContain(pot)
  })

  test('a cancelled bundle gives back every component', async () => {
    const { db, pot, lid, set, source } = await begin(5, 8)
    const order = remoteOrder('b6', [{ sku: set, quantity: 2 }])
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, { status: 'cancelled' })])
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([{ reserved: 0 }, { reserved: 0 }])
  })

  test('a shipped bundle takes every component from the shelf', async () => {
    const { db, pot, lid, set, source } = await begin(5, 8)
    const order = remoteOrder('b7', [{ sku: set, quantity: 2 }])
    await importNow(db, source, [order])
    await importNow(db, source, [later(order, { status: 'shipped' })])
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([
      { onHand: 3, reserved: 0 },
      { onHand: 4, reserved: 0 },
    ])
  })

  test('a count that takes one component away frees the other, and holds each once when it is found again', async () => {
    const { db, pot, lid, set, ids, source } = await begin(5, 4)
    await importNow(db, source, [remoteOrder('b8', [{ sku: set, quantity: 2 }])])
    await count(db, ids.get(lid)!, 3)
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([{ reserved: 0 }, { reserved: 0 }])
    expect(await stockViolations(db)).toEqual([])
    expect(await openProblems(db, 'oversold', source.id)).toHaveLength(1)
    await count(db, ids.get(lid)!, 9)
    expect([await stockOf(db, pot), await stockOf(db, lid)]).toMatchObject([{ reserved: 2 }, { reserved: 4 }])
    expect(await findViolations(db, [])).toEqual([])
  })

  test('a bundle cannot contain itself, another bundle, or a part of a unit', async () => {
    const { db, ids, pot, set } = await begin(1, 1)
    const make = (bundle: string, component: string, quantity: number) =>
      transact(db, (tx) =>
        setBundle(tx, ids.get(bundle)!, [{ variantId: ids.get(component)!, quantity }], testAct()),
      )
    await expect(make(set, set, 1)).rejects.toThrow(/itself/)
    await expect(make(pot, set, 1)).rejects.toThrow(/another bundle/)
    await expect(make(set, pot, 0.5)).rejects.toThrow(/0.5/)
  })
})
