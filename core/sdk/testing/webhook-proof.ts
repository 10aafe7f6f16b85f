import assert from 'node:assert/strict'
import type { WebhookRequest } from '../connector.ts'
import { inStage, type Stage } from './stage.ts'
import type { AnySubject, Check, CourierSubject } from './subject.ts'

export type Delivery = { headers: Record<string, string>; body: string }

export const asRequest = ({ headers, body }: Delivery): WebhookRequest => ({
  headers: new Headers(headers),
  rawBody: Buffer.from(body),
})

/** Whether the connector believes a delivery, given these credentials. */
export function verifies(
  stage: Stage,
  delivery: Delivery,
  credentials: Stage['connection']['credentials'] = stage.connection.credentials,
): boolean {
  const { connector } = stage.subject
  const settings = connector.settings.parse(stage.connection.settings)
  return connector.webhook!.verify(asRequest(delivery), credentials, settings)
}

/** That nobody but the platform is believed. */
export function proofChecks<Sub extends AnySubject>(
  subject: Sub,
  delivered: (stage: Stage<Sub>) => Promise<Delivery>,
): Check[] {
  const proof = ('webhookProof' in subject && subject.webhookProof) || 'header signature'
  const check = (guarantee: string, visit: (stage: Stage<Sub>, delivery: Delivery) => void): Check => ({
    theme: 'webhook',
    guarantee,
    run: () => inStage(subject, async (stage) => visit(stage, await delivered(stage))),
  })
  return [
    ...(proof === 'header credential'
      ? []
      : [
          check('a changed body does not verify', (stage, delivery) =>
            bodyProven(plain(stage), delivery, proof),
          ),
        ]),
    check('a missing, empty or odd signature does not verify', (stage, delivery) =>
      signatureNeeded(plain(stage), delivery, proof),
    ),
    check('another secret does not verify', (stage, delivery) => secretNeeded(plain(stage), delivery)),
  ]
}

type Proof = NonNullable<CourierSubject['webhookProof']>

const plain = (stage: unknown) => stage as Stage

function bodyProven(stage: Stage, delivery: Delivery, proof: Proof): void {
  const changed = delivery.body.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
  // A blank behind a form's last field may be trimmed; it is part of no value.
  const bodies = [changed, proof === 'body signature' ? '' : `${delivery.body} `, '']
  for (const body of bodies) {
    if (body !== delivery.body) assert(!verifies(stage, { ...delivery, body }), 'A changed body verifies.')
  }
}

function secretNeeded(stage: Stage, delivery: Delivery): void {
  const credentials = Object.fromEntries(
    Object.entries(stage.connection.credentials).map(([name, value]) => [
      name,
      typeof value === 'string' ? `${value}x` : value,
    ]),
  )
  assert(!verifies(stage, delivery, credentials), 'A delivery verifies with another secret.')
}

/** A delivery taken apart where its proof may be; `put` gives it back with a part changed or, undefined, left out. */
type Parts = { values: Record<string, string>; put(name: string, value: string | undefined): Delivery }

function partsOf(delivery: Delivery, proof: Proof): Parts {
  if (proof !== 'body signature') {
    const put: Parts['put'] = (name, value) => ({
      ...delivery,
      headers: changed(delivery.headers, name, value),
    })
    return { values: delivery.headers, put }
  }
  const isJson = delivery.body.trimStart().startsWith('{')
  const fields: Record<string, unknown> = isJson
    ? JSON.parse(delivery.body)
    : Object.fromEntries(new URLSearchParams(delivery.body))
  const values = Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string'),
  )
  const put: Parts['put'] = (name, value) => {
    const others = changed(fields, name, value)
    const body = isJson
      ? JSON.stringify(others)
      : new URLSearchParams(others as Record<string, string>).toString()
    return { ...delivery, body }
  }
  return { values, put }
}

const changed = <Value>(values: Record<string, Value>, name: string, value: Value | undefined) =>
  Object.fromEntries(
    Object.entries({ ...values, [name]: value }).filter(
      (field): field is [string, Value] => field[1] !== undefined,
    ),
  )

function signatureNeeded(stage: Stage, delivery: Delivery, proof: Proof): void {
  if (proof !== 'body signature') {
    assert(!verifies(stage, { ...delivery, headers: {} }), 'A delivery without headers verifies.')
  }
  const { values, put } = partsOf(delivery, proof)
  const signatures = Object.keys(values).filter((name) => !verifies(stage, put(name, undefined)))
  assert(
    signatures.length > 0,
    `No ${proof === 'body signature' ? 'field' : 'header'} is needed for a delivery to verify.`,
  )
  for (const name of signatures) {
    for (const value of ['', 'x', `x${values[name]}`, values[name]!.slice(0, -4)]) {
      assert(!verifies(stage, put(name, value)), `A delivery verifies with ${name}: "${value}".`)
    }
  }
}
