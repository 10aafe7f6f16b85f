import { ConnectorError, type FailureKind, type FieldIssue, kindOfStatus } from 'entrepot/sdk'
import { type WpError, wpError } from './schemas.ts'

/** What the shop's own error codes mean, where the HTTP status says something else. */
const kindByCode: Readonly<Record<string, FailureKind>> = {
  woocommerce_rest_product_invalid_id: 'not_found',
  woocommerce_rest_product_variation_invalid_id: 'not_found',
  woocommerce_rest_shop_order_invalid_id: 'not_found',
  woocommerce_rest_shop_coupon_invalid_id: 'not_found',
  woocommerce_rest_invalid_order_id: 'not_found',
  woocommerce_rest_order_invalid_id: 'not_found',
  // A variation was addressed as a product: it exists, our binding is wrong.
  woocommerce_rest_invalid_product_id: 'rejected',
  woocommerce_rest_authentication_error: 'auth',
  // No WooCommerce answers at this address: plugin off, plain permalinks or a wrong path. Nothing is "gone".
  rest_no_route: 'unexpected',
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  euro: '€',
}

/** The vendor's message as plain text: HTML entities decoded, tags gone. */
export function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined
      if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      return entities[String(name).toLowerCase()] ?? whole
    })
    .replace(/\s+/g, ' ')
    .trim()
}

/** The complaints by field in `data.details`, or the bare reasons in `data.params` of older versions. */
function fieldIssues({ data }: WpError): FieldIssue[] {
  if (data === null || typeof data !== 'object') return []
  const { params, details } = data as { params?: Record<string, unknown>; details?: Record<string, unknown> }
  return Object.entries(params ?? {}).map(([field, message]) => ({
    field,
    code: (details?.[field] as { code?: string } | undefined)?.code ?? null,
    message: plainText(String(message)),
    severity: 'error',
  }))
}

function hintFor(error: WpError): string {
  const data = (error.data ?? {}) as { resource_id?: number }
  if (error.code === 'product_invalid_sku' && data.resource_id)
    return ` Product ${data.resource_id} has it already.`
  if (error.code === 'woocommerce_rest_product_not_created')
    return ' A product in the trash may still hold the SKU: restore it or empty the trash.'
  if (error.code === 'woocommerce_rest_cannot_view')
    return ' The key is unknown or revoked, or may not see this.'
  if (error.code === 'rest_no_route')
    return ' Check the shop address, that WooCommerce is active and that permalinks are not "plain".'
  return ''
}

/**
 * What a WordPress error means. Client mistakes arrive as 5xx (refunds), a missing resource as 400 (PUT), and
 * `data` may be a bare number, so the code decides before the status does.
 * @param about what was asked for, as it stands in the message: "PUT /orders/7" or "product 12".
 * @param status the HTTP status, or the one inside a batch answer.
 */
export function fromWpError(error: WpError, status: number, about: string): ConnectorError {
  const inner =
    typeof error.data === 'number' ? error.data : (error.data as { status?: number } | null)?.status
  const isOwnWord = status >= 500 && error.code.startsWith('woocommerce_')
  const kind =
    kindByCode[error.code] ??
    (isOwnWord ? (inner === 404 ? 'not_found' : 'rejected') : kindOfStatus(status || (inner ?? 400)))
  const message = plainText(error.message)
  return new ConnectorError(kind, `WooCommerce refused ${about}: ${message}${hintFor(error)}`, {
    status,
    vendorCode: error.code,
    vendorMessage: message,
    issues: fieldIssues(error),
  })
}

/**
 * Reads a refused answer, or null where the hub's own reading of the status is right (429 and 503 with their
 * Retry-After, pages that are no JSON).
 * @param isRepeatable whether the request may be sent again; if not, a crash in the middle of it (any other
 * 5xx) is uncertain, because WooCommerce may have stored everything before a plugin failed.
 */
export function readRefusal(
  answer: { status: number; body: string },
  about: string,
  isRepeatable: boolean,
): ConnectorError | null {
  const { status, body } = answer
  if (status < 400 || status === 429 || status === 503) return null
  const parsed = wpError.safeParse(tryJson(body))
  const error = parsed.success ? fromWpError(parsed.data, status, about) : null
  if (status >= 500 && !isRepeatable && (error === null || error.kind === 'unavailable'))
    return new ConnectorError(
      'uncertain',
      `WooCommerce failed with ${status} during ${about}. It may have done part of it.`,
      {
        status,
        vendorCode: error?.vendorCode,
        vendorMessage: error?.vendorMessage ?? plainText(body).slice(0, 500),
      },
    )
  return error
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
