import { describe, expect, test } from 'vitest'
import { plainText, readRefusal } from '../../../connectors/woocommerce/errors.ts'

const answer = (status: number, body: unknown) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const kindOf = (status: number, body: unknown, isRepeatable = true) =>
  readRefusal(answer(status, body), 'PUT /x', isRepeatable)?.kind
const wp = (code: string, data: unknown = null, message = 'No.') => ({ code, message, data })

describe('the code decides before the status does', () => {
  test.each([
    ['a missing order on refunds', 500, wp('woocommerce_rest_invalid_order_id', 404), 'not_found'],
    ['a refund too large', 500, wp('woocommerce_rest_cannot_create_order_refund', 500), 'rejected'],
    ['a negative refund', 500, wp('woocommerce_rest_invalid_order_refund', 400), 'rejected'],
    [
      'PUT of a missing product',
      400,
      wp('woocommerce_rest_product_invalid_id', { status: 400 }),
      'not_found',
    ],
    [
      'PUT of a missing order',
      400,
      wp('woocommerce_rest_shop_order_invalid_id', { status: 400 }),
      'not_found',
    ],
    ['a trashed product', 410, wp('woocommerce_rest_already_trashed', { status: 410 }), 'not_found'],
    [
      'a variation on the wrong endpoint',
      404,
      wp('woocommerce_rest_invalid_product_id', { status: 404 }),
      'rejected',
    ],
    ['WooCommerce switched off', 404, wp('rest_no_route', { status: 404 }), 'unexpected'],
    ['an unknown key', 401, wp('woocommerce_rest_cannot_view', { status: 401 }), 'auth'],
    ['a wrong secret', 401, wp('woocommerce_rest_authentication_error', { status: 401 }), 'auth'],
    ['a batch too large', 413, wp('woocommerce_rest_request_entity_too_large', { status: 413 }), 'rejected'],
    ['a wrong parameter', 400, wp('rest_invalid_param', { status: 400 }), 'rejected'],
  ])('%s', (_, status, body, kind) => {
    expect(kindOf(status, body)).toBe(kind)
  })
})

test('a crash is unavailable where the request may be repeated, and uncertain where not', () => {
  const fatal = wp('internal_server_error', { status: 500 }, '<p>There has been a critical error.</p>')
  expect(kindOf(500, fatal, true)).toBe('unavailable')
  expect(kindOf(500, fatal, false)).toBe('uncertain')
  expect(kindOf(502, '<html>Bad gateway</html>', false)).toBe('uncertain')
})

test('429 and 503 are left to the hub, which reads Retry-After', () => {
  expect(kindOf(429, wp('too_many_requests'))).toBeUndefined()
  expect(kindOf(503, wp('maintenance'), false)).toBeUndefined()
})

test('the vendor words are kept, as text', () => {
  const refusal = readRefusal(
    answer(
      404,
      wp('woocommerce_rest_invalid_product_id', { status: 404 }, 'Use /products/&lt;product_id&gt;.'),
    ),
    'PUT /products/7',
    true,
  )
  expect(refusal?.vendorMessage).toBe('Use /products/<product_id>.')
  expect(refusal?.vendorCode).toBe('woocommerce_rest_invalid_product_id')
  expect(refusal?.message).toMatch(/^WooCommerce refused PUT \/products\/7: Use/)
})

test('complaints are told by field', () => {
  const data = {
    status: 400,
    params: { regular_price: 'regular_price is not of type string.' },
    details: { regular_price: { code: 'rest_invalid_type' } },
  }
  expect(readRefusal(answer(400, wp('rest_invalid_param', data)), 'POST /products', false)?.issues).toEqual([
    {
      field: 'regular_price',
      code: 'rest_invalid_type',
      message: 'regular_price is not of type string.',
      severity: 'error',
    },
  ])
})

test('a SKU clash says who has the SKU, and one with the trash says so', () => {
  const clash = wp('product_invalid_sku', { status: 400, resource_id: 12, unique_sku: 'A-1' })
  expect(readRefusal(answer(400, clash), 'x', false)?.message).toContain('Product 12 has it already')
  const trash = wp('woocommerce_rest_product_not_created', { status: 400 })
  expect(readRefusal(answer(400, trash), 'x', false)?.message).toContain('trash')
})

test('entities and tags become text', () => {
  expect(plainText('<b>A</b> &amp; B &#8364;&#x20ac; &unknown; &lt;c&gt;')).toBe('A & B €€ &unknown; <c>')
})
