import type { Schema, VendorOperation } from './vendor-models.ts'

/** One place where UPS's description contradicts its own words, its examples or its answers. */
type Amendment = { reason: string; apply(operations: readonly VendorOperation[]): void }
type Side = 'request' | 200

const operationAt = (
  operations: readonly VendorOperation[],
  path: string,
  method = 'POST',
): VendorOperation =>
  operations.find((entry) => entry.path === path && entry.method === method) ?? fail(`no operation ${path}`)

function fail(what: string): never {
  throw new Error(`UPS's descriptions have ${what}: the amendment is out of date.`)
}

/** The body's content, whose schema may be replaced. */
function contentOf({ operation }: VendorOperation, side: Side): { schema?: unknown } {
  const answer = operation.responses.find(({ code }) => code === String(side))
  const contents = side === 'request' ? operation.request?.body?.contents : answer?.contents
  return contents?.[0] ?? fail(`no body at ${operation.path}`)
}

/** The schema of a property, by its names from the top; lists are entered by themselves. */
function schemaAt(operation: VendorOperation, side: Side, path: string): Schema {
  let schema = contentOf(operation, side).schema as Schema
  for (const name of path.split('.')) {
    const inner = schema.properties?.[name] ?? fail(`no ${path}`)
    schema = inner.items ?? inner
  }
  return schema
}

/** Takes length limits off a text that they cannot be meant for. */
const unlimited = (path: string, side: Side, property: string, reason: string): Amendment => ({
  reason,
  apply(operations) {
    const schema = schemaAt(operationAt(operations, path), side, property)
    if (schema.minLength === undefined && schema.maxLength === undefined) fail(`no limit on ${property}`)
    delete schema.minLength
    delete schema.maxLength
  },
})

/** The first of the alternatives; the other describes another call, and is not even exclusive. */
const firstAlternative = (path: string, side: Side, reason: string): Amendment => ({
  reason,
  apply(operations) {
    const content = contentOf(operationAt(operations, path), side)
    const { oneOf } = content.schema as { oneOf?: Schema[] }
    content.schema = oneOf?.[0] ?? fail(`no alternatives at ${path}`)
  },
})

const recovery = '/labels/{version}/recovery'
const pickup = '/pickupcreation/{version}/pickup'

export const amendments: readonly Amendment[] = [
  {
    reason:
      'Label recovery demands Roadie numbers and a reference of every request; its own standard example has neither, and its words ask for a tracking number or a reference.',
    apply(operations) {
      const schema = schemaAt(operationAt(operations, recovery), 'request', 'LabelRecoveryRequest')
      schema.required = schema.required!.filter((name) => name === 'Request')
    },
  },
  unlimited(
    recovery,
    'request',
    'LabelRecoveryRequest.LabelSpecification.LabelImageFormat.Code',
    'Four letters are demanded where the valid values are GIF, PDF, ZPL, EPL and SPL.',
  ),
  unlimited(
    recovery,
    200,
    'LabelRecoveryResponse.LabelResults.LabelImage.LabelImageFormat.Code',
    'Four letters are demanded where the valid values are GIF and PDF.',
  ),
  {
    reason: 'The request option may have ten letters; Shoptimeintransit, a valid value, has seventeen.',
    apply(operations) {
      const { operation } = operationAt(operations, '/rating/{version}/{requestoption}')
      const option = operation.request?.path?.find(({ name }) => name === 'requestoption')
      const schema = option?.schema as Schema | undefined
      if (schema?.maxLength !== 10) fail('no limit on requestoption')
      delete schema.maxLength
    },
  },
  {
    reason: 'RequestOption is demanded of the body of a price request, which does not define it.',
    apply(operations) {
      const rating = operationAt(operations, '/rating/{version}/{requestoption}')
      const schema = schemaAt(rating, 'request', 'RateRequest.Request')
      if (schema.properties!.RequestOption) fail('a RequestOption')
      schema.properties!.RequestOption = { type: 'string' }
    },
  },
  unlimited(
    '/rating/{version}/{requestoption}',
    'request',
    'RateRequest.Shipment.Package.PackageServiceOptions.DeclaredValue.MonetaryValue',
    'An amount of exactly eight characters; up to 50000 is allowed, so 100.00 has to be.',
  ),
  unlimited(
    '/shipments/{version}/ship',
    200,
    'ShipmentResponse.ShipmentResults.BillingWeight.Weight',
    'A weight of exactly eight characters; recorded answers say "10.0".',
  ),
  {
    reason: 'Track Alert has its version in the address of the server, and demands it of the path too.',
    apply(operations) {
      const { operation } = operationAt(operations, '/subscription/{type}/package')
      const path = operation.request?.path ?? fail('no path')
      const at = path.findIndex(({ name }) => name === 'version')
      if (at === -1) fail('no version in the path')
      path.splice(at, 1)
    },
  },
  firstAlternative(
    pickup,
    'request',
    'A pickup is described as either itself or a "trigger" of another call.',
  ),
  firstAlternative(pickup, 200, 'A pickup is described as either itself or a "trigger" of another call.'),
  unlimited(
    pickup,
    'request',
    'PickupCreationRequest.PickupDateInfo.PickupDate',
    'Four characters are demanded of a date whose format is yyyyMMdd.',
  ),
  unlimited(
    pickup,
    'request',
    'PickupCreationRequest.TotalWeight.Weight',
    'A weight of exactly six characters; the example is 5.5.',
  ),
]
