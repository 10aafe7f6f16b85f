import { describe, expect, test } from 'vitest'
import { listAudit } from '../../core/audit/read.ts'
import { manualClock } from '../../core/lib/clock.ts'
import { listProblems } from '../../core/problems/problems.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { engineServices } from '../../core/sync/engine-services.ts'
import { createHub } from '../../core/sync/hub.ts'
import { createMetrics } from '../../core/sync/metrics.ts'
import { useDatabase } from '../support/database.ts'
import { connectFake, fakeShop } from '../support/fake-shop.ts'

const plugins: PluginDefinition[] = [
  { id: 'one', name: 'One' },
  { id: 'two', name: 'Two' },
]

describe('what a plugin works with', () => {
  const database = useDatabase()
  const lines: object[] = []
  const write = (fields: object) => {
    lines.push(fields)
  }
  const open = () =>
    createHub({
      database: database(),
      clock: manualClock('2026-03-01T10:00:00Z'),
      log: { debug: write, info: write, warn: write, error: write },
      key: Buffer.alloc(32, 1),
      config: { connectors: [fakeShop({})], plugins },
      metrics: createMetrics(),
      holder: 'test',
      services: engineServices,
    })

  test('its log names it on every line, whatever it says', () => {
    const { log } = open().pluginContext('one')
    log.info({ count: 1, plugin: 'two' }, 'Said')
    expect(lines).toEqual([{ count: 1, plugin: 'one' }])
  })

  test('connections come without anything secret', async () => {
    const hub = open()
    await connectFake(hub)
    const [found, ...others] = await hub.pluginContext('one').services.listConnections()
    expect(others).toEqual([])
    expect(Object.keys(found!).sort()).toEqual([
      'canCoupon',
      'connector',
      'currency',
      'id',
      'kind',
      'locale',
      'name',
    ])
    expect(found?.kind).toBe('marketplace')
  })

  test('a problem is its own: another plugin can neither count nor settle it', async () => {
    const hub = open()
    const one = hub.pluginContext('one').services
    const problem = {
      key: 'k',
      message: 'No card',
      remedy: 'Load one.',
      holdsUp: 'pricing',
      subject: 'crd_1',
    }
    await one.raiseProblem(problem)
    await one.raiseProblem({ ...problem, message: 'Still no card', remedy: 'Load another.' })
    await hub.pluginContext('two').services.settleProblem('k')
    const open_ = await listProblems(hub.db, { kind: 'plugin' })
    expect(open_).toMatchObject([
      {
        key: 'plugin:one:k',
        message: 'Still no card',
        remedy: 'Load another.',
        holdsUp: 'pricing',
        subject: 'crd_1',
        timesSeen: 2,
      },
    ])
    await one.settleProblem('k')
    expect(await listProblems(hub.db, { kind: 'plugin' })).toEqual([])
  })

  test('what it does stands in the audit log under whoever did it', async () => {
    const hub = open()
    await hub
      .pluginContext('one')
      .services.audit({ actor: 'cli:ada', action: 'card.loaded', subject: 'crd_1', after: { version: 2 } })
    expect(await listAudit(hub.db, { subject: 'crd_1', limit: 1 })).toMatchObject([
      {
        actor: 'cli:ada',
        action: 'card.loaded',
        after: { version: 2 },
        at: new Date('2026-03-01T10:00:00Z'),
      },
    ])
  })

  test('what is not installed has none', () => {
    expect(() => open().pluginContext('three')).toThrow('The plugin "three" is not installed')
  })
})
