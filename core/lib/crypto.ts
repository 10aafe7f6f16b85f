import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const version = 1
const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts with AES-256-GCM. `boundTo` is authenticated but not stored: a sealed value copied to another
 * row does not open there. Layout: version, IV, tag, ciphertext.
 */
export function seal(key: Buffer, plain: Buffer, boundTo: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(boundTo))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.from([version]), iv, cipher.getAuthTag(), body])
}

/** Opens what `seal` made. @throws Error when the key, the binding or the bytes are not the ones sealed. */
export function unseal(key: Buffer, sealed: Buffer, boundTo: string): Buffer {
  if (sealed[0] !== version)
    throw new Error(`The sealed value has version ${sealed[0]}; this hub reads ${version}.`)
  const iv = sealed.subarray(1, 1 + ivBytes)
  const tag = sealed.subarray(1 + ivBytes, 1 + ivBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed.subarray(1 + ivBytes + tagBytes)), decipher.final()])
}

/** The same data always gives the same text: object keys are sorted, `undefined` is left out. */
export const canonicalJson = (value: unknown): string => write(value) ?? 'null'

/** As `JSON.stringify` writes it, but for the order of keys; undefined for what JSON has no word for. */
function write(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return write((value as { toJSON(): unknown }).toJSON())
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`
  const parts: string[] = []
  for (const key of Object.keys(value).sort()) {
    const part = write((value as Record<string, unknown>)[key])
    if (part !== undefined) parts.push(`${JSON.stringify(key)}:${part}`)
  }
  return `{${parts.join(',')}}`
}

/** SHA-256 of the canonical JSON, in hex. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex')
