import { expect, test } from 'vitest'
import { ConnectorError, toConnectorError } from '../../core/sdk/index.ts'

test('a connector error carries its word, and what the platform said', () => {
  const cause = new Error('below')
  const error = new ConnectorError('rejected', 'Refused SKU-7.', { status: 422, vendorCode: 'E1', cause })
  expect(error).toMatchObject({
    name: 'ConnectorError',
    kind: 'rejected',
    status: 422,
    vendorCode: 'E1',
    cause,
  })
  expect(error.issues).toEqual([])
  expect(error).toBeInstanceOf(Error)
})

test('what is a connector error already stays the same object', () => {
  const error = new ConnectorError('auth', 'The key was refused.')
  expect(toConnectorError(error)).toBe(error)
})

test.each([new TypeError('x is undefined'), 'thrown text', undefined, { odd: true }])(
  'anything else that was thrown becomes unexpected, with its cause: %s',
  (thrown) => {
    const error = toConnectorError(thrown)
    expect(error.kind).toBe('unexpected')
    expect(error.message.length).toBeGreaterThan(0)
    expect(error.cause).toBe(thrown)
  },
)
