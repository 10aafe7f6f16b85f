import { createHmac, timingSafeEqual } from 'node:crypto'
import { type ConnectorContext, type CourierSandbox, defineCourier, requestJson } from 'entrepot/sdk'
import { z } from 'zod'
import { healthyCourier } from './broken-courier.ts'
import type { Credentials, Settings } from './simple-courier/index.ts'
import { simpleCourier } from './simple-courier/index.ts'
import { toTracking } from './simple-courier/mapping.ts'
import { createSimpleCourierSandbox } from './simple-courier/sandbox.ts'
import { tracked } from './simple-courier/schemas.ts'

const pickups = z.object({ pickups: z.array(z.object({ id: z.string(), reference: z.string() })) })
const news = z.object({ parcel: tracked.shape.parcels.element, sign: z.string() })
const signatureOf = (parcel: unknown, secret: string) =>
  createHmac('sha256', secret).update(JSON.stringify(parcel)).digest('hex')

/** Simple Parcel's stand-in as a courier that is subscribed to, fetches parcels, and sends its news signed in the body. */
export function createBusySandbox(options: Parameters<typeof createSimpleCourierSandbox>[0]): CourierSandbox {
  const sandbox = createSimpleCourierSandbox(options)
  const { webhookSecret } = sandbox.connection('').credentials as Credentials
  const subscribed = new Set<string>()
  const ordered: { id: string; reference: string }[] = []
  const sent: string[] = []
  sandbox.app.post('/subscriptions', async (c) => {
    const { numbers } = await c.req.json<{ numbers: string[] }>()
    for (const number of numbers) subscribed.add(number)
    return c.json({ pickups: [] })
  })
  sandbox.app.get('/pickups', (c) => c.json({ pickups: ordered }))
  sandbox.app.post('/pickups', async (c) => {
    const { reference } = await c.req.json<{ reference: string }>()
    ordered.push({ id: `PU${ordered.length + 1}`, reference })
    return c.json({ pickups: ordered })
  })
  return {
    ...sandbox,
    scan(number, state, { incident, at = options.clock.now() } = {}) {
      sandbox.scan(number, state, { at, ...(incident ? { incident } : {}) })
      if (!subscribed.has(number)) return
      const event = { code: 'PU', text: 'Collected', place: null, at: at.toISOString() }
      const parcel = { number, expectedAt: null, events: [event] }
      sent.push(JSON.stringify({ parcel, sign: signatureOf(parcel, webhookSecret) }))
    },
    takeWebhooks: () => sent.splice(0).map((body) => ({ headers: {}, body })),
  }
}

function readNews(rawBody: Buffer) {
  try {
    return news.safeParse(JSON.parse(rawBody.toString())).data ?? null
  } catch {
    return null
  }
}

const context = { bucket: 'shipping' }

function createBusyClient(ports: ConnectorContext<Settings, Credentials>) {
  const headers = { authorization: `Bearer ${ports.credentials.apiKey}` }
  const send = async (method: 'GET' | 'POST', path: string, isRepeatable: boolean, json?: object) => {
    const options = { method, headers, context: { ...context, isRepeatable }, ...(json ? { json } : {}) }
    return (await requestJson(ports.http, pickups, new URL(path, ports.settings.apiUrl), options)).data
      .pickups
  }
  return {
    ...simpleCourier.createClient(ports),
    subscribe: (numbers: readonly string[]) => send('POST', '/subscriptions', true, { numbers }),
    orderPickup: (reference: string) => send('POST', '/pickups', false, { reference }),
    findPickups: () => send('GET', '/pickups', true),
  }
}

/** The reference courier with all else that a courier can have. */
export const busyCourier = defineCourier<Settings, Credentials, ReturnType<typeof createBusyClient>>({
  ...simpleCourier,
  id: 'busy-courier',
  createClient: createBusyClient,
  webhook: {
    verify({ rawBody }, { webhookSecret }) {
      const told = readNews(rawBody)
      const expected = Buffer.from(signatureOf(told?.parcel ?? null, webhookSecret))
      const given = Buffer.from(told?.sign ?? '')
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    interpret({ rawBody }) {
      const told = readNews(rawBody)
      return told ? { told: [toTracking(told.parcel)] } : { ignore: 'The message tells of no parcel.' }
    },
  },
  operations: {
    ...simpleCourier.operations,
    subscribeTracking: {
      maxBatch: 5,
      async run(client, refs) {
        await client.subscribe(refs.map((ref) => ref.trackingNumber))
        return refs.map(() => ({ ok: true }))
      },
    },
    pickup: {
      async run(client, _request, key) {
        const ordered = await client.orderPickup(key)
        return { externalId: ordered.at(-1)!.id }
      },
      async find(client, _request, key) {
        const found = (await client.findPickups()).find(({ reference }) => reference === key)
        return found ? { externalId: found.id } : null
      },
    },
  },
})

export const busySubject = {
  ...healthyCourier,
  connector: busyCourier,
  createSandbox: createBusySandbox,
  webhookProof: 'body signature',
} as const
