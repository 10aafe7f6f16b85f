import { randomFillSync } from 'node:crypto'

/** The prefixes in use, one for each kind of row that a person or another table may name. */
export type IdPrefix =
  | 'prd'
  | 'var'
  | 'cat'
  | 'con'
  | 'lst'
  | 'whs'
  | 'rsv'
  | 'ord'
  | 'orl'
  | 'prb'
  | 'prp'
  | 'onc'
  | 'tkt'
  | 'run'
  | 'lea'
  | 'imp'
  | 'pro'
  | 'rem'
  | 'shp'
  | 'ret'
  | 'rfd'
  | 'pcl'
  | 'doc'
  | 'pkg'
  | 'quo'
  | 'bat'
  | 'cpn'
  | 'mpb'
  | 'usr'
  | 'ses'
  | 'acc'
  | 'vrf'
  | 'tfa'
  | 'key'
  | 'wrk'
  | 'upl'
  | 'viw'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const pool = Buffer.alloc(4096)
let used = pool.length

function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}

/**
 * A new id: prefix, underscore, and a UUIDv7 in Crockford base32, so ids sort by the time they were made.
 * @see https://github.com/jetify-com/typeid the TypeID specification
 */
export function newId(prefix: IdPrefix, nowMs: number = Date.now()): string {
  return fill(prefix, nowMs, randomBytes(10))
}

/** The least id that could have been made at `atMs`: ids from then on are not below it. */
export const idFloor = (prefix: IdPrefix, atMs: number): string => fill(prefix, atMs, Buffer.alloc(10))

function fill(prefix: IdPrefix, atMs: number, rest: Buffer): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.max(0, atMs), 0, 6)
  rest.copy(bytes, 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  return `${prefix}_${base32(bytes)}`
}

/** 128 bits as 26 letters, two zero bits in front, as TypeID does. */
function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let held = 2
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    held += 8
    while (held >= 5) {
      held -= 5
      text += alphabet[(bits >> held) & 31]
    }
    bits &= (1 << held) - 1
  }
  return text
}
