import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { startSandbox } from 'entrepot/sdk'
import { createTestClient } from 'entrepot/sdk/testing'
import { Hono } from 'hono'
import type { UpsClient } from '../../../connectors/ups/client.ts'
import { ups } from '../../../connectors/ups/index.ts'
import { manualClock } from '../../../core/lib/clock.ts'
import { type Exchange, recording } from '../../connectors/ups/recording.ts'
import { fixturesFolder } from './vendor-models.ts'

/** What the fixtures hold of one operation: named values, and the tests that use them. */
export type Fixtures = { tests: Record<string, unknown>; fixtures: Record<string, unknown> }

export const readFixtures = (operation: string): Fixtures =>
  JSON.parse(readFileSync(resolve(fixturesFolder, `${operation}.json`), 'utf8')) as Fixtures

const settings = { accountNumber: 'A1B2C3', originCountry: 'CA', currency: 'CAD' }
const credentials = { clientId: 'fixture-client', clientSecret: 'fixture-secret' }

/**
 * Runs `use` with a client whose every call, but for the sign-in, is answered with this body over real HTTP.
 * @returns what `use` gives, and the last call that was made.
 */
export async function answeredWith<T>(
  body: unknown,
  use: (client: UpsClient) => Promise<T>,
  status = 200,
): Promise<{ result: T; call: Exchange }> {
  const inner = new Hono()
  inner.post('/security/v1/oauth/token', (c) =>
    c.json(readFixtures('authentication').fixtures.LoginResponse as object),
  )
  inner.all(
    '*',
    () =>
      new Response(typeof body === 'string' ? body : JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json' },
      }),
  )
  const { app, exchanges } = recording(inner)
  const { url, close } = await startSandbox({ app })
  try {
    const client = createTestClient<UpsClient>(
      ups,
      { settings: { ...settings, endpoint: url }, credentials },
      { clock: manualClock('2023-02-27T12:00:00Z') },
    )
    const result = await use(client)
    return { result, call: exchanges.at(-1)! }
  } finally {
    await close()
  }
}

/** The failure, for calls that have to fail. */
export const failing = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => {
      throw new Error('It succeeds.')
    },
    (error: unknown) => error,
  )

type Box = { Length: string; Width: string; Height: string; UnitOfMeasurement: { Code: string } }
export type WirePackage = {
  PackageWeight: { Weight: string; UnitOfMeasurement: { Code: string } }
  Dimensions?: Box
}
const millimetres = { CM: 10, IN: 25.4 } as Record<string, number>
const grams = { KGS: 1000, LBS: 453.59237 } as Record<string, number>

/** Weight in grams and sides in millimetres, the longest first, whatever units a request is in. */
export function measuresOf({ PackageWeight: weight, Dimensions: box }: WirePackage) {
  const mm = millimetres[box!.UnitOfMeasurement.Code]!
  return {
    grams: Number(weight.Weight) * grams[weight.UnitOfMeasurement.Code]!,
    sides: [box!.Length, box!.Width, box!.Height].map((side) => Number(side) * mm).sort((a, b) => b - a),
  }
}
