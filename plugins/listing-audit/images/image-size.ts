/** What the head of an image file says of it, before anything is decoded. */
export type ImageSize = {
  widthPx: number
  heightPx: number
  /** Whether its pixels can be looked at: those of a GIF cannot. */
  canDecode: boolean
}

/** Reads width and height of a JPEG, PNG, GIF or WebP; null for all else. */
export function readImageSize(file: Buffer): ImageSize | null {
  if (file.length < 30) return null
  if (file.readUInt32BE(0) === 0x89504e47) return sizeOf(file.readUInt32BE(16), file.readUInt32BE(20))
  if (file.toString('latin1', 0, 4) === 'GIF8')
    return sizeOf(file.readUInt16LE(6), file.readUInt16LE(8), false)
  if (file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 8, 12) === 'WEBP')
    return readWebp(file)
  return file.readUInt16BE(0) === 0xffd8 ? readJpeg(file) : null
}

const sizeOf = (widthPx: number, heightPx: number, canDecode = true): ImageSize | null =>
  widthPx > 0 && heightPx > 0 ? { widthPx, heightPx, canDecode } : null

/** https://developers.google.com/speed/webp/docs/riff_container */
function readWebp(file: Buffer): ImageSize | null {
  const chunk = file.toString('latin1', 12, 16)
  if (chunk === 'VP8X') return sizeOf(file.readUIntLE(24, 3) + 1, file.readUIntLE(27, 3) + 1)
  if (chunk === 'VP8 ') return sizeOf(file.readUInt16LE(26) & 0x3fff, file.readUInt16LE(28) & 0x3fff)
  if (chunk !== 'VP8L') return null
  const bits = file.readUInt32LE(21)
  return sizeOf((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
}

/** The frame header's segment (SOF0 to SOF15 without the tables among them). https://www.w3.org/Graphics/JPEG/itu-t81.pdf */
function readJpeg(file: Buffer): ImageSize | null {
  const tables = new Set([0xc4, 0xc8, 0xcc])
  for (let at = 2; at + 9 <= file.length; ) {
    if (file[at] !== 0xff) return null
    const marker = file[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker >= 0xc0 && marker <= 0xcf && !tables.has(marker))
      return sizeOf(file.readUInt16BE(at + 7), file.readUInt16BE(at + 5))
    at += 2 + file.readUInt16BE(at + 2)
  }
  return null
}
