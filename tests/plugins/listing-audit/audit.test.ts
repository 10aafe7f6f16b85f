import { sql } from 'drizzle-orm'
import { instant } from 'entrepot/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import { saveProducts } from '../../../core/catalog/catalog.ts'
import type { Connection } from '../../../core/connections/connections.ts'
import { query } from '../../../core/db/client.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { savePluginSettings } from '../../../core/plugins/settings.ts'
import { listProblems } from '../../../core/problems/problems.ts'
import { approveProposal, rejectProposal, undoProposal } from '../../../core/proposals/proposals.ts'
import { ConflictError } from '../../../core/sdk/errors.ts'
import { decisionsOf } from '../../../core/sync/appliers.ts'
import type { Hub } from '../../../core/sync/hub.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { type AuditContext, auditAll } from '../../../plugins/listing-audit/audit.ts'
import { auditChanges } from '../../../plugins/listing-audit/changes.ts'
import { listingAudit } from '../../../plugins/listing-audit/index.ts'
import { readResult } from '../../../plugins/listing-audit/results.ts'
import { routes } from '../../../plugins/listing-audit/routes.ts'
import { readTrend } from '../../../plugins/listing-audit/trend.ts'
import { asAdmin } from '../../support/callers.ts'
import { useDatabase } from '../../support/database.ts'
import { connect, createTestHub, seed, settle, testAct, useSandbox } from '../../support/hub.ts'

describe('the audit of a shop', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 }))
  let hub: Hub
  let connection: Connection
  let context: AuditContext
  const act = (actor = 'boss') => ({ actor, now: clock.now() })
  const set = (settings: Record<string, unknown>) =>
    database().db.transaction((tx) => savePluginSettings(tx, listingAudit, { settings }, testAct()))
  /** Locales decide which packs hold; the shop's own is set by hand. */
  const retitle = async (key: string, title: string) => {
    clock.advance(1000)
    await database().db.transaction((tx) =>
      saveProducts(
        tx,
        [{ key, title: { zh: title, en: title }, optionNames: [], variants: [{ sku: key }] }],
        act(),
      ),
    )
  }
  const listingOf = async (sku: string) => {
    for await (const page of context.services.streamListings({})) {
      const found = page.find((facts) => facts.sku === sku)
      if (found) return found
    }
    throw new Error(`There is no listing of ${sku}.`)
  }
  const judged = async (sku: string) => (await readResult(context.db, (await listingOf(sku)).listingId))!
  const proposalsOf = (kind: string) =>
    query<{ id: string; status: string }>(
      database().db,
      sql`select id, status from proposals where kind = ${`plugin:listing-audit:${kind}`} order by id`,
    )
  beforeAll(async () => {
    await migratePlugins(database(), [listingAudit], clock)
    hub = createTestHub(database(), [woocommerce], { clock, plugins: [listingAudit] })
    context = hub.pluginContext('listing-audit') as AuditContext
    connection = await connect(hub, woocommerce, shop())
    await database().db.execute(sql`update connections set locale = 'zh-CN'`)
    await seed(hub, [
      { sku: 'CREAM', title: '保湿面霜 50ml 滋润补水' },
      { sku: 'SOAP', title: '沐浴露 300ml 清洁' },
    ])
    // They are seeded by the machine's clock, which is ahead of this one: so they would be new for ever.
    await database().db.execute(sql`update products set updated_at = ${instant(clock.now())}`)
    await database().db.execute(sql`update base_prices set updated_at = ${instant(clock.now())}`)
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await settle(hub, [connection])
  })

  test('judges all, writes nothing twice, and counts today once', async () => {
    expect(await auditAll(context)).toEqual({ listings: 2, judged: 2 })
    const before = await judged('CREAM')
    clock.advance(60_000)
    expect(await auditAll(context)).toEqual({ listings: 2, judged: 0 })
    expect(await judged('CREAM')).toEqual(before)
    expect(await readTrend(context.db, {})).toMatchObject([{ day: '2026-03-10', listings: 2, unlawful: 0 }])
  })

  test('of a change judges its listing alone, and drops what is there no more', async () => {
    await auditChanges(context)
    clock.advance(600_000)
    await auditChanges(context)
    await retitle('CREAM', '保湿面霜 50ml 淡斑')
    expect(await auditChanges(context)).toEqual({ listings: 1, judged: 1 })
    expect((await judged('CREAM')).findings).toContainEqual(
      expect.objectContaining({ ruleId: 'cn.efficacy.special-cosmetics', excerpt: '淡斑', from: 10, to: 12 }),
    )
    await context.db.execute(
      sql`insert into listing_audit_results select 'lst_0gone', connection_id, product_id, variant_id, sku, category_key, locale, status, title, score, findings, measures, fingerprint, judged_at from listing_audit_results limit 1`,
    )
    await auditAll(context)
    expect(await readResult(context.db, 'lst_0gone')).toBeNull()
  })

  test('keeps content that breaks a blocking rule here, as a problem with the words', async () => {
    const title = '最佳保湿面霜 50ml 滋润'
    await retitle('CREAM', title)
    await settle(hub, [connection])
    expect(
      shop()
        .listings()
        .map((listing) => listing.title),
    ).not.toContain(title)
    const [problem] = await listProblems(hub.db, { connectionId: connection.id })
    expect(problem).toMatchObject({ kind: 'filter_failed' })
    expect(problem!.message).toContain('title "最佳"')
  })

  test('proposes once to delist what is unlawful; refused words are not asked again', async () => {
    await auditChanges(context)
    const [proposal, ...others] = await proposalsOf('delist')
    expect(others).toEqual([])
    expect(proposal).toMatchObject({ status: 'open' })
    await hub.db.transaction((tx) => rejectProposal(tx, proposal!.id, act()))
    await set({ allowedWords: ['某某'] })
    expect((await auditAll(context)).judged).toBe(2)
    expect(await proposalsOf('delist')).toHaveLength(1)
    await set({})
  })

  test('delists by itself only where the setting says so, and that can be taken back', async () => {
    await set({ delistsAlone: true })
    await retitle('CREAM', '国家级保湿面霜 50ml 滋润')
    await auditChanges(context)
    await settle(hub, [connection])
    expect(await listingOf('CREAM')).toMatchObject({ status: 'ended' })
    const applied = (await proposalsOf('delist')).at(-1)!
    expect(applied.status).toBe('applied')
    await context.services.undoProposal(applied.id, 'boss')
    await set({ delistsAlone: true, stopsBlocked: false })
    await settle(hub, [connection])
    expect(await listingOf('CREAM')).toMatchObject({ status: 'live' })
    await auditAll(context)
    expect((await proposalsOf('delist')).filter(({ status }) => status === 'applied')).toEqual([])
    await set({})
  })

  test('proposes the text without the words, and undo brings the old text back', async () => {
    await auditAll(context)
    const { listingId } = await listingOf('CREAM')
    const answer = await asAdmin(routes(context)).request(`/listings/${listingId}/fix`, { method: 'POST' })
    expect(answer.status).toBe(201)
    const { proposalId } = (await answer.json()) as { proposalId: string }
    const { apply, undo } = decisionsOf(hub)
    await approveProposal(hub.db, apply, proposalId, act('user:boss@shop.example'))
    expect((await listingOf('CREAM')).content.title).toBe('保湿面霜 50ml 滋润')
    clock.advance(1000)
    await auditChanges(context)
    expect((await judged('CREAM')).findings.filter(({ effect }) => effect === 'unlawful')).toEqual([])
    await undoProposal(hub.db, undo, proposalId, act())
    expect((await listingOf('CREAM')).content.title).toBe('国家级保湿面霜 50ml 滋润')
  })

  test('does not write a fix over a text that was changed meanwhile', async () => {
    await auditAll(context)
    const { listingId } = await listingOf('CREAM')
    const answer = await asAdmin(routes(context)).request(`/listings/${listingId}/fix`, { method: 'POST' })
    const { proposalId } = (await answer.json()) as { proposalId: string }
    await retitle('CREAM', '国家级新面霜 50ml')
    // Refused for the text, and not for who asks.
    await expect(
      approveProposal(hub.db, decisionsOf(hub).apply, proposalId, act('user:boss@shop.example')),
    ).rejects.toThrow(ConflictError)
    expect((await listingOf('CREAM')).content.title).toBe('国家级新面霜 50ml')
    expect(await context.services.readProposals([proposalId])).not.toMatchObject([{ status: 'applied' }])
  })

  test('exports findings and scores as CSV that no spreadsheet runs', async () => {
    await retitle('SOAP', '=最好的沐浴露 300ml 清洁')
    await auditAll(context)
    const app = routes(context)
    const lines = (await (await app.request('/findings?format=csv&rule=cn.absolute.other')).text()).split(
      '\r\n',
    )
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain(',cn.absolute.other,absolute,warning,none,title,最好,1,3,')
    const trend = await (await app.request(`/trend?format=csv&connection=${connection.id}`)).text()
    expect(trend.split('\r\n')[1]).toMatch(new RegExp(`^2026-03-10,${connection.id},,2,`))
    expect((await app.request('/findings?severity=grave')).status).not.toBe(200)
  })
})
