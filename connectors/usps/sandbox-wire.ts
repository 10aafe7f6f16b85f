import type { Context } from 'hono'

export type Complaint = { parameter?: string; code?: string; detail: string }

/** An error in USPS's shape. */
export function refuse(
  c: Context,
  status: 400 | 401 | 404 | 429,
  api: string,
  complaints: readonly Complaint[],
  headers: Record<string, string> = {},
): Response {
  const titles = {
    400: 'Bad Request',
    401: 'Unauthorized',
    404: 'Not Found',
    429: 'Too Many Requests.',
  } as const
  const error = {
    code: String(status),
    message: titles[status],
    errors: complaints.map(({ parameter, code, detail }) => ({
      status: String(status),
      ...(code ? { code } : {}),
      title: titles[status],
      detail,
      ...(parameter ? { source: { parameter } } : {}),
    })),
  }
  return c.json({ apiVersion: api, error }, status, headers)
}

export type SentPart = { name: string; contentType: string; file?: string; text: string }

/** A multipart answer as USPS sends it: JSON first, then images in base64. */
export function multipart(parts: readonly SentPart[], status: 200 | 201): Response {
  const boundary = 'usps-sandbox-7f3a9c'
  const body = parts.map(({ name, contentType, file, text }) =>
    [
      `--${boundary}`,
      `Content-Type: ${contentType}`,
      `Content-Disposition: form-data; ${file ? `filename="${file}"; ` : ''}name="${name}"`,
      '',
      text,
      '',
    ].join('\r\n'),
  )
  return new Response(`${body.join('')}--${boundary}--\r\n`, {
    status,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
}

type Json = Record<string, unknown>
export const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** The value at a dotted path, or undefined. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)

/** One complaint for each path where there is nothing, or nothing that `fits`. */
export const missing = (body: unknown, fields: Readonly<Record<string, RegExp | null>>): Complaint[] =>
  Object.entries(fields).flatMap(([parameter, fits]) => {
    const value = at(body, parameter)
    if (value === undefined || value === '' || value === null)
      return [{ parameter, detail: `${parameter} is required.` }]
    return fits === null || fits.test(String(value))
      ? []
      : [{ parameter, detail: `${parameter} is not in the right form.` }]
  })
