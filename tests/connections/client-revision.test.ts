import { expect, test } from 'vitest'
import { woocommerce } from '../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../connectors/woocommerce/sandbox.ts'
import { findConnection, replaceCredentials } from '../../core/connections/connections.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { runTask } from '../../core/sync/tasks.ts'
import { useDatabase } from '../support/database.ts'
import { connect, createTestHub, testAct, useSandbox } from '../support/hub.ts'

const database = useDatabase()
const shop = useSandbox(() =>
  createWooCommerceSandbox({ clock: systemClock, currency: 'EUR', rateScale: 1000 }),
)

test('credentials replaced in one process are used by every other at its next run', async () => {
  const api = createTestHub(database(), [woocommerce])
  const worker = createTestHub(database(), [woocommerce], { holder: 'worker' })
  const { id } = await connect(api, woocommerce, shop())
  expect(await runTask(worker, 'orders', id)).toMatchObject({ state: 'done' })
  const wrong = { consumerKey: 'ck_wrong', consumerSecret: 'cs_wrong' }
  await api.db.transaction((tx) => replaceCredentials(tx, api.key, woocommerce, id, wrong, testAct()))
  expect(await runTask(worker, 'orders', id)).toMatchObject({ state: 'failed', error: { kind: 'auth' } })
  expect(await findConnection(api.db, id)).toMatchObject({ status: 'paused' })
})
