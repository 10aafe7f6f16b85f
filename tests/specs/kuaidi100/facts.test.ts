import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { meaningOf, phoneCompanies } from '../../../connectors/kuaidi100/codes.ts'
import { kuaidi100 } from '../../../connectors/kuaidi100/index.ts'
import { signPush, signQuery } from '../../../connectors/kuaidi100/signature.ts'
import { type Desk, openDesk, pull, ref } from '../../connectors/kuaidi100/support.ts'

/**
 * Facts from Kuaidi100's public pages. They are not part of this repository: they are read from `SHARED_DIR`,
 * or the folder `shared` beside it.
 */
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const shared = process.env.SHARED_DIR ?? resolve(repository, '../shared')
const file = resolve(shared, 'specs/couriers/kuaidi100/facts.json')
const hasFacts = existsSync(file)
const named = (title: string) => (hasFacts ? title : `${title} (skipped: shared specs not found)`)

type Facts = {
  query: { url: string; fields: string[]; param: Record<string, string> }
  subscribe: { url: string; fields: string[]; param: Record<string, unknown> & { parameters: object } }
  state: Record<string, string>
  vectors: { kind: string; param: string; key: string; customer: string; sign: string }[]
}
const facts: Facts = hasFacts ? JSON.parse(readFileSync(file, 'utf8')) : { state: {}, vectors: [] }

/** A field's bare name: "param(JSON string)" is `param`, "schema=json" is `schema`. */
const bare = (field: string) => field.replace(/\W.*$/, '')

describe.skipIf(!hasFacts)(named("Kuaidi100's description"), () => {
  let desk: Desk | undefined
  afterEach(async () => {
    await desk?.sandbox.close()
    desk = undefined
  })

  test('the signature of a question is that of the computed vector', () => {
    const vector = facts.vectors.find(({ kind }) => kind === 'query')!
    expect(signQuery(vector.param, vector.key, vector.customer)).toBe(vector.sign)
  })

  test('a question has the described fields, at the described address', async () => {
    desk = await openDesk()
    await pull(desk.client, ref('SF1234567890123', { carrier: 'sf-express', recipientPhone: '13800138000' }))
    const [sent] = desk.sent
    expect(sent!.path).toBe(new URL(facts.query.url).pathname)
    const described = facts.query.fields.map(bare)
    expect(Object.keys(sent!.form).filter((field) => !described.includes(field))).toEqual([])
    expect(Object.keys(sent!.param).filter((field) => !(field in facts.query.param))).toEqual([])
    for (const value of Object.values(sent!.param)) expect(typeof value).toBe('string')
    expect(facts.query.param.resultv2!.split('|')).toContain(sent!.param.resultv2)
  })

  test('a subscription has the described fields, with the key inside and no signature', async () => {
    desk = await openDesk()
    await kuaidi100.operations.subscribeTracking!.run(desk.client, [ref('YT1234567890123')])
    const [sent] = desk.sent
    expect(sent!.path).toBe(new URL(facts.subscribe.url).pathname)
    expect(Object.keys(sent!.form).toSorted()).toEqual(facts.subscribe.fields.map(bare).toSorted())
    const { parameters, ...others } = sent!.param as { parameters: object }
    expect(Object.keys(others).filter((field) => !(field in facts.subscribe.param))).toEqual([])
    expect(Object.keys(parameters).filter((field) => !(field in facts.subscribe.param.parameters))).toEqual(
      [],
    )
  })

  test.each(Object.entries(facts.state))('state %s (%s) means something', (code) => {
    const { state, incident } = meaningOf(code)
    expect(state ?? incident).not.toBeNull()
  })

  test('the live address and the carriers that want a phone are the described ones', () => {
    expect(kuaidi100.hosts(kuaidi100.settings.parse({}))).toEqual([new URL(facts.query.url).host])
    for (const company of phoneCompanies) expect(facts.query.param.phone).toContain(company)
  })
})

/** The rule stands in the vendor's own demo; no vendor published a signed push to compare with. */
test('the signature of a push is md5(param + salt) in capitals (rule only, no vendor sample)', () => {
  expect(signPush('{}', 'salt')).toBe('4DF345D41BAFC8E489CC9C94112F002A')
})
