import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { z } from 'zod'
import { broken, expectCaught, healthy } from './broken.ts'
import { simpleShop } from './simple-shop/index.ts'

describe('papers that do not fit are caught', () => {
  const withReadme = async (change: (text: string) => string, name: string, complaint: RegExp) => {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'))
    const readme = join(folder, 'README.md')
    await writeFile(readme, change(await readFile(healthy.readme, 'utf8')))
    await expectCaught({ ...healthy, readme }, name, complaint).finally(() => rm(folder, { recursive: true }))
  }
  const table = 'README: its capability table equals the operations'

  test('a capability that is missing in the README', () =>
    withReadme((text) => text.replace(/^\| `refund`.*\n/m, ''), table, /leaves out/))

  test('a capability that the README invents', () =>
    withReadme((text) => text.replace('`refund`', '`refund` | x |\n| `pullReturns`'), table, /do not exist/))

  test('a README without hosts', () =>
    withReadme(
      (text) => text.replaceAll(/hosts?/gi, ''),
      'README: names the hosts that are called',
      /which hosts/,
    ))

  test('a host that the README does not name', () =>
    expectCaught(
      broken({ hosts: ({ shopUrl }) => [new URL(shopUrl).host, 'images.simple-shop.example'] }),
      'README: names the hosts that are called',
      /does not name all hosts/,
    ))

  test('a field without title, or a secret that is not marked', async () => {
    const name = 'form: each setting and credential has a title, and secrets are marked'
    const plain = z.object({ apiKey: z.string(), webhookSecret: z.string() })
    const unmarked = plain.extend({
      apiKey: z.string().meta({ title: 'API key' }),
      webhookSecret: z.string().meta({ title: 'Webhook secret', secret: true }),
    })
    await expectCaught(broken({ credentials: plain }), name, /needs a title/)
    await expectCaught(broken({ credentials: unmarked }), name, /sounds secret/)
  })
})

describe('a webhook that is believed too easily is caught', () => {
  const webhook = simpleShop.webhook!
  const believing = (verify: typeof webhook.verify) => broken({ webhook: { ...webhook, verify } })
  const signature = 'webhook: a missing, empty or odd signature does not verify'

  test('whose signature is checked for presence only', () =>
    expectCaught(
      believing(({ headers }) => headers.has('x-simple-signature')),
      'webhook: a changed body does not verify',
      /changed body verifies/,
    ))

  test('that verifies everything', () =>
    expectCaught(
      believing(() => true),
      signature,
      /without headers/,
    ))

  test('that takes an empty signature for none needed', () =>
    expectCaught(
      believing((request, ...rest) => {
        const given = request.headers.get('x-simple-signature')
        return given === '' || webhook.verify(request, ...rest)
      }),
      signature,
      /verifies with x-simple-signature: ""/,
    ))

  test('that uses a secret of its own', () =>
    expectCaught(
      believing((request, credentials, settings) =>
        webhook.verify(request, { ...credentials, webhookSecret: 'simple-hook-secret-81d0' }, settings),
      ),
      'webhook: another secret does not verify',
      /another secret/,
    ))

  test('that names no order of its own', () =>
    expectCaught(
      broken({ webhook: { ...webhook, interpret: () => ({ pull: 'orders', externalIds: ['order-0'] }) } }),
      'webhook: a delivery of the platform verifies and leads to its orders',
      /deep/i,
    ))
})
