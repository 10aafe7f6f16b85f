import { inflateRawSync } from 'node:zlib'

/** No rate card comes near; what unpacks to more is refused before a reader meets it. */
const maxUnpackedBytes = 64 * 1024 * 1024
const maxEntries = 1000

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const fileSignature = 0x04034b50

/**
 * What is wrong with a zip archive, or null. Every entry of its directory is unpacked against the cap, because the
 * sizes that an archive states may be lies.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16
 */
export function findArchiveFault(bytes: Uint8Array): string | null {
  const noZip = 'This is no Excel workbook (.xlsx). Save it as .xlsx, not as .xls or under another name.'
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(buffer)
  if (end === -1) return noZip
  const count = buffer.readUInt16LE(end + 10)
  if (count > maxEntries) return `The workbook holds ${count} files, more than any rate card. Save it again.`
  let at = buffer.readUInt32LE(end + 16)
  let left = maxUnpackedBytes
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== entrySignature) return noZip
    const unpacked = unpackedSize(buffer, at, left)
    if (unpacked === 'broken') return 'The workbook is damaged. Save it as .xlsx again.'
    if (unpacked === 'too large')
      return `The workbook unpacks to more than ${maxUnpackedBytes / 2 ** 20} MB. Leave in it only the sheets of the card.`
    left -= unpacked
    at += 46 + buffer.readUInt16LE(at + 28) + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32)
  }
  return null
}

/** The end record stands last, before a comment of at most 64 KiB. */
function findEnd(buffer: Buffer): number {
  for (let at = buffer.length - 22; at >= 0 && at >= buffer.length - 65_557; at -= 1)
    if (buffer.readUInt32LE(at) === endSignature) return at
  return -1
}

function unpackedSize(buffer: Buffer, entry: number, left: number): number | 'broken' | 'too large' {
  const method = buffer.readUInt16LE(entry + 10)
  const packed = buffer.readUInt32LE(entry + 20)
  const file = buffer.readUInt32LE(entry + 42)
  if (file + 30 > buffer.length || buffer.readUInt32LE(file) !== fileSignature) return 'broken'
  const start = file + 30 + buffer.readUInt16LE(file + 26) + buffer.readUInt16LE(file + 28)
  if (start + packed > buffer.length) return 'broken'
  if (method === 0) return packed > left ? 'too large' : packed
  if (method !== 8) return 'broken'
  try {
    return inflateRawSync(buffer.subarray(start, start + packed), { maxOutputLength: left + 1 }).length
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'broken'
  }
}
