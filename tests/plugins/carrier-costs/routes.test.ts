import { beforeAll, describe, expect, test } from 'vitest'
import { type Api, createApi } from '../../../core/api/app.ts'
import { startQueue } from '../../../core/sync/queue.ts'
import { withKey } from '../../support/callers.ts'
import { useCostHub } from './hub.ts'

const csv = {
  'card.csv':
    'field,service,value\nid,,bike\nname,,Bike\ncarrier,,Cyclists\ncurrency,,EUR\nsource,,test\nvalid_from,,2026-01-01\nweight_unit,,kg\nlength_unit,,cm\nmax_weight,,30\nname,STD,Standard\n',
  'zones.csv': 'zone,country\n1,DE\n',
  'prices.csv': 'service,zone,over,not_over,kind,amount\nSTD,1,0,30,amount,6.90\n',
}

describe('routes of carrier costs', () => {
  const made = useCostHub()
  let api: Api
  beforeAll(async () => {
    const { hub } = made()
    const queue = await startQueue(hub.database, { isWorker: false })
    api = withKey(createApi(Object.assign(hub, { queue })), hub.db)
    return () => queue.stop()
  })

  const call = async (method: string, path: string, body?: object) => {
    const init = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }
    const answer = await api.request(`/plugins/carrier-costs${path}`, { method, ...init })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  const upload = (files: Record<string, string>) => {
    const form = new FormData()
    for (const [name, text] of Object.entries(files)) form.append('files', new File([text], name))
    return call('POST', '/cards', form)
  }

  test('a card is uploaded, once, and refused whole with its fault', async () => {
    const { 'prices.csv': _prices, ...less } = csv
    expect(await upload(less)).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining('prices.csv: It is missing') } },
    })
    expect(await call('GET', '/cards')).toMatchObject({ json: { cards: [] } })
    expect(await upload(csv)).toMatchObject({
      status: 200,
      json: { versions: [{ card: 'bike', outcome: 'new' }] },
    })
    expect(await upload(csv)).toMatchObject({
      status: 200,
      json: { versions: [{ card: 'bike', outcome: 'unchanged' }] },
    })
    expect(await call('GET', '/cards/bike/versions')).toMatchObject({
      json: { versions: [{ number: 1, importedBy: 'key:tests' }] },
    })
  })

  test('rates come as CSV, and offers are compared in a currency', async () => {
    expect(
      await call('POST', '/rates', { csv: 'date,base,quote,rate\n2026-02-01,EUR,USD,1.10\n' }),
    ).toMatchObject({ status: 200, json: { added: 1 } })
    const parcels = [{ weightGrams: 1000 }]
    const asked = { from: { country: 'DE' }, to: { country: 'DE' }, parcels, currency: 'USD' }
    expect(await call('POST', '/compare', asked)).toMatchObject({
      status: 200,
      json: {
        currency: 'USD',
        offers: [
          {
            totalMinor: 690,
            currency: 'EUR',
            compared: { totalMinor: 759, rateDay: '2026-02-01' },
            isCheapest: true,
          },
        ],
      },
    })
  })

  test('a question that cannot be understood is refused, naming the field', async () => {
    const refusal = async (body: object) => {
      const { status, json } = await call('POST', '/compare', body)
      expect(status).toBe(400)
      return (json.error as { field?: string }).field
    }
    expect(await refusal({})).toBe('orderId')
    expect(
      await refusal({ from: { country: 'Germany' }, to: { country: 'DE' }, parcels: [{ weightGrams: 1 }] }),
    ).toBe('from.country')
    expect(
      await refusal({ from: { country: 'DE' }, to: { country: 'DE' }, parcels: [{ weightGrams: 0 }] }),
    ).toBe('parcels.0.weightGrams')
    expect((await call('POST', '/compare', { orderId: 'ord_none' })).status).toBe(404)
    expect((await call('GET', '/shipments/shp_none/explanation')).status).toBe(404)
    expect(
      (await call('PUT', '/cards/bike/services/STD/binding', { connection: 'none', remoteService: 'X' }))
        .status,
    ).toBe(404)
    expect((await call('DELETE', '/cards/bike/services/STD/binding')).status).toBe(404)
  })
})
