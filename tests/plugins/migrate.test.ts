import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { openDatabase, query } from '../../core/db/client.ts'
import { systemClock } from '../../core/lib/clock.ts'
import { assertPlugins } from '../../core/plugins/check.ts'
import { migratePlugins } from '../../core/plugins/migrate.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'
import { assertPluginJobs } from '../../core/sync/plugin-work.ts'
import { useDatabase } from '../support/database.ts'
import { shopNotes } from './shop-notes/index.ts'

const database = useDatabase()
const migrate = (...plugins: PluginDefinition[]) => migratePlugins(database(), plugins, systemClock)
const plugin = (id: string, ...statements: string[]): PluginDefinition => ({
  id,
  name: id,
  tables: statements.map((text, index) => ({ id: String(index + 1), statements: text })),
})
const exists = async (name: string) =>
  (await query(database().db, sql`select 1 from pg_class where relname = ${name}`)).length > 0

describe('the tables of plugins', () => {
  test('are made once by five hubs that start together, and not again', async () => {
    const hubs = await Promise.all(
      Array.from({ length: 5 }, () => openDatabase(database().url, { poolSize: 1 })),
    )
    await Promise.all(hubs.map((hub) => migratePlugins(hub, [shopNotes], systemClock)))
    await migrate(shopNotes)
    for (const hub of hubs) await hub.close()
    const ran = await query<{ id: string }>(database().db, sql`select id from plugin_migrations order by id`)
    expect(ran.map(({ id }) => id)).toEqual(['0001', '0002', '0003'])
    expect(await exists('shop_notes_notes')).toBe(true)
  })

  test.each([
    ['a table without the prefix', 'create table cards ()', 'makes the table "cards"'],
    [
      'an index without the prefix',
      'create table bad_cards (a int); create index on bad_cards (a); create index cards_a on bad_cards (a)',
      'makes the index "cards_a"',
    ],
    ['a sequence without the prefix', 'create sequence numbers', 'makes the sequence "numbers"'],
    ['a view without the prefix', 'create view cards as select 1 as a', 'makes the view "cards"'],
    [
      'a function of the hub',
      `create or replace function hub_now() returns timestamptz language sql stable as 'select null::timestamptz'`,
      'changes the function "hub_now()"',
    ],
    ['a schema', 'create schema bad_space', 'makes the schema "bad_space"'],
    ['another schema', 'create table drizzle.bad_cards ()', 'makes the table "bad_cards"'],
    ['a column of the hub', 'alter table orders add column bad_mark text', 'changes the table "orders"'],
    ['a constraint of the hub', 'alter table orders add check (true)', 'changes the table "orders"'],
    [
      'a trigger on the hub',
      `create function bad_f() returns trigger language plpgsql as 'begin return new; end';
       create trigger bad_t before insert on orders for each row execute function bad_f()`,
      'changes the table "orders"',
    ],
    ['an index on the hub', 'drop index problems_open', 'drops the index "problems_open"'],
    ['rows of the hub', `insert into hub_state values ('bad', '1')`, 'writes rows of the table "hub_state"'],
    ['all rows of the hub', 'truncate problems', 'changes the table "problems"'],
    [
      'a reference to the hub',
      'create table bad_cards (connection_id text references connections (id))',
      'lets the table "bad_cards" refer to "connections"',
    ],
    ['the queue', 'alter table pgboss.job add column bad_mark text', 'changes the'],
    ['its own transaction', 'create table bad_cards (); commit', 'failed'],
    ['broken SQL', 'create table bad_cards (); create tabel', 'failed: syntax error'],
  ])('refuse %s, naming it, and leave nothing behind', async (_what, statements, words) => {
    const refusal = migrate(plugin('bad', statements))
    await expect(refusal).rejects.toThrow(`Plugin "bad" is refused: its migration "1" ${words}`)
    expect(await exists('bad_cards')).toBe(false)
    const ran = sql`select 1 from plugin_migrations where plugin_id = 'bad'`
    expect(await query(database().db, ran)).toEqual([])
  })

  test('are refused when a migration that ran is changed, or another is put before it', async () => {
    await migrate(plugin('grown', 'create table grown_a ()', 'create table grown_b ()'))
    await expect(
      migrate(plugin('grown', 'create table grown_c ()', 'create table grown_b ()')),
    ).rejects.toThrow('Migration "1" of plugin "grown" has run and was changed since')
    const grown = plugin('grown', 'create table grown_a ()')
    const before = {
      ...grown,
      tables: [{ id: '0', statements: 'create table grown_z ()' }, ...grown.tables!],
    }
    await expect(migrate(before)).rejects.toThrow('Migration "0" of plugin "grown" stands before "1"')
  })

  test('keep what ran when a later one is refused, and go on from there', async () => {
    await expect(migrate(plugin('half', 'create table half_a ()', 'create table b ()'))).rejects.toThrow(
      '"2"',
    )
    expect(await exists('half_a')).toBe(true)
    await migrate(plugin('half', 'create table half_a ()', 'create table half_b ()'))
    expect(await exists('half_b')).toBe(true)
  })

  test('never share a prefix with the hub or with another plugin', async () => {
    await expect(migrate(plugin('order', 'create table order_notes ()'))).rejects.toThrow(
      /"order_.*" is there already.*another id/,
    )
    const costs = plugin('carrier-costs', 'create table carrier_costs_cards ()')
    await migrate(costs)
    const carrier = plugin('carrier', 'alter table carrier_costs_cards add column a int')
    await expect(migrate(costs, carrier)).rejects.toThrow('changes the table "carrier_costs_cards"')
  })
})

describe('what is declared', () => {
  test.each([
    ['an id that is no kebab', [plugin('Bad_Id')], 'Bad_Id'],
    ['one id twice', [plugin('a'), plugin('a')], 'Two plugins have the id "a"'],
    [
      'a migration twice',
      [
        {
          ...plugin('a'),
          tables: [
            { id: '1', statements: '' },
            { id: '1', statements: '' },
          ],
        },
      ],
      'declares the migration "1" twice',
    ],
    [
      'a job that never ticks',
      [{ ...plugin('a'), jobs: [{ id: 'j', cron: 'often', run: async () => {} }] }],
      'Job "j" of plugin "a"',
    ],
  ])('is refused for %s', (_what, plugins, words) => {
    const check = () => {
      assertPlugins(plugins)
      assertPluginJobs(plugins)
    }
    expect(check).toThrow(words)
  })
})
