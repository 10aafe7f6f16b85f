import { pino } from 'pino'

/** The structured log. One line a fact; no personal data and no secret may be passed to it. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const secretFields = ['authorization', 'password', 'secret', 'token', 'credentials', 'apiKey', 'cookie']

/** The log of this process, as JSON lines on standard error. `level` is a pino level name or "silent". */
export function createLog(level = 'info'): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    pino.destination({ dest: 2, sync: false }),
  )
}

/** A log that keeps nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Base64 texts that show the secret wherever it stands in what was encoded (Basic encodes `user:password`):
 * one for each place it can take in a group of three bytes, without the letters it shares with neighbours.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const inside = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  const whole = bytes.toString('base64')
  const forms = [whole, ...inside.filter((form) => form.length >= 6)]
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

/**
 * Replaces every occurrence of each secret by "[redacted]"; also its URL-encoded form and its base64 forms,
 * alone or inside a longer text.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  let result = text
  // The longest first: a secret inside a longer one would leave the longer one's rest.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret.length < 4) continue
    for (const form of [secret, encodeURIComponent(secret), ...base64Forms(secret)]) {
      result = result.replaceAll(form, '[redacted]')
    }
  }
  return result
}
