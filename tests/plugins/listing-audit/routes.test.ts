import { sql } from 'drizzle-orm'
import type { Hono } from 'hono'
import { beforeAll, describe, expect, test } from 'vitest'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'
import { query } from '../../../core/db/client.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { migratePlugins } from '../../../core/plugins/migrate.ts'
import { panelContent } from '../../../core/sdk/panel.ts'
import { publishProducts } from '../../../core/sync/publish.ts'
import { type AuditContext, auditAll } from '../../../plugins/listing-audit/audit.ts'
import { listingAudit } from '../../../plugins/listing-audit/index.ts'
import { listResults } from '../../../plugins/listing-audit/results.ts'
import { routes } from '../../../plugins/listing-audit/routes.ts'
import { asAdmin } from '../../support/callers.ts'
import { useDatabase } from '../../support/database.ts'
import { connect, createTestHub, seed, testAct, useSandbox } from '../../support/hub.ts'
import { untranslated } from '../../support/texts.ts'

describe('what the audit answers and shows', () => {
  const database = useDatabase()
  const clock = manualClock('2026-03-10T12:00:00Z')
  const shop = useSandbox(() => createWooCommerceSandbox({ clock, currency: 'EUR', rateScale: 1000 }))
  let context: AuditContext
  let app: Hono
  let listingId: string
  const get = async (path: string) => (await app.request(path)).json() as Promise<Record<string, unknown>>
  const panel = async (id: string, subject: string | null = null) => {
    const found = listingAudit.panels!.find((one) => one.id === id)!
    return panelContent.parse(await found.read({ subject, query: {} }, context as never))
  }
  beforeAll(async () => {
    await migratePlugins(database(), [listingAudit], clock)
    const hub = createTestHub(database(), [woocommerce], { clock, plugins: [listingAudit] })
    context = hub.pluginContext('listing-audit') as AuditContext
    app = asAdmin(routes(context)) as unknown as Hono
    const connection = await connect(hub, woocommerce, shop())
    await database().db.execute(sql`update connections set locale = 'zh-CN'`)
    await seed(hub, [{ sku: 'CREAM', title: '顶级保湿面霜 50ml 滋润' }])
    await publishProducts(hub.db, connection.id, 'all', testAct())
    await auditAll(context)
    listingId = (await listResults(context.db, {}, { after: '', limit: 1 }))[0]!.listingId
  })

  test('a listing: its score with each deduction, its findings with evidence, and the text that would mend it', async () => {
    expect(await get(`/listings/${listingId}`)).toMatchObject({
      score: expect.any(Number),
      deductions: expect.arrayContaining([
        expect.objectContaining({ ruleId: 'cn.absolute.other', points: 8 }),
      ]),
      findings: expect.arrayContaining([expect.objectContaining({ excerpt: '顶级', from: 0, to: 2 })]),
      suggestions: [{ field: 'title', to: '保湿面霜 50ml 滋润' }],
    })
  })

  test('a page of findings goes on after the last, and one rule can be asked for', async () => {
    expect(await get('/findings?limit=1')).toMatchObject({ items: [{ listingId }], next: listingId })
    expect(await get(`/findings?limit=1&after=${listingId}`)).toEqual({ items: [], next: null })
    const { items } = await get('/findings?rule=cn.absolute.other')
    expect(items).toMatchObject([{ findings: [{ ruleId: 'cn.absolute.other' }] }])
  })

  test('every rule has a severity, an effect and what it rests on', async () => {
    const rules = (await get('/rules')) as unknown as { ruleId: string; basis: string }[]
    expect(new Set(rules.map(({ ruleId }) => ruleId)).size).toBe(rules.length)
    for (const { basis, ruleId } of rules) expect(basis, ruleId).not.toBe('')
  })

  test('delisting may be asked for by hand, and stays to be approved', async () => {
    const answer = await app.request(`/listings/${listingId}/delist`, { method: 'POST' })
    const { proposalId } = (await answer.json()) as { proposalId: string }
    expect(await context.services.readProposals([proposalId])).toMatchObject([{ status: 'open' }])
  })

  test('a listing is judged again at once; one that is none is refused', async () => {
    clock.advance(1000)
    expect((await app.request(`/listings/${listingId}/audit`, { method: 'POST' })).status).toBe(200)
    for (const path of ['audit', 'fix', 'delist'])
      expect((await app.request(`/listings/lst_none/${path}`, { method: 'POST' })).status, path).not.toBe(201)
  })

  test('a fix that a person asks for is theirs, so that somebody else approves it', async () => {
    const answer = await app.request(`/listings/${listingId}/fix`, { method: 'POST' })
    expect(answer.status).toBe(201)
    const { proposalId } = (await answer.json()) as { proposalId: string }
    const made = sql`select proposed_by from proposals where id = ${proposalId}`
    expect(await query(context.db, made)).toEqual([{ proposed_by: 'user:anna@shop.example' }])
  })

  test('the page, the overview and what stands beside a listing have Chinese texts for all words of the plugin', async () => {
    for (const said of [await panel('audit'), await panel('standing'), await panel('findings', listingId)])
      expect(untranslated(listingAudit, said)).toEqual([])
  })

  test('the page shows accounts, rules and the lowest scores; beside a listing stand its findings', async () => {
    const page = JSON.stringify(await panel('audit'))
    for (const said of ['cn.absolute.other', 'CREAM', 'woocommerce', '2026-03-10'])
      expect(page).toContain(said)
    expect((await panel('standing')).blocks[0]).toMatchObject({ kind: 'figures' })
    const beside = JSON.stringify(await panel('findings', listingId))
    for (const said of ['顶级', '0–2', 'Propose a fix', 'From 100']) expect(beside).toContain(said)
  })
})
