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

/** Replaces every occurrence of each secret by "[redacted]"; also its base64 and URL-encoded forms. */
export function redactText(text: string, secrets: readonly string[]): string {
  let result = text
  for (const secret of secrets) {
    if (secret.length < 4) continue
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      result = result.replaceAll(form, '[redacted]')
    }
  }
  return result
}
