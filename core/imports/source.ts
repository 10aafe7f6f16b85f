import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../sdk/errors.ts'

/** A file to read: its name in messages is the one the profile knows, without ".gz". */
export type SourceFile = { name: string; path: string; bytes: number }

/**
 * The files a profile needs: the path itself is the main file, or a folder that holds it by name (as it is
 * or with ".gz"). Joined files stand beside the main one.
 * @throws InputError naming everything that is not there.
 */
export async function findFiles(
  path: string,
  mainName: string | undefined,
  joinNames: readonly string[],
): Promise<{ main: SourceFile; joined: Map<string, SourceFile> }> {
  const found = await stat(path).catch(refuseMissing(path))
  if (found.isDirectory() && mainName === undefined) {
    throw new InputError(`${path} is a folder. This profile reads one file: name the file.`, 'path')
  }
  const folder = found.isDirectory() ? path : dirname(path)
  const missing: string[] = []
  const find = async (name: string) => {
    for (const candidate of [name, `${name}.gz`]) {
      const file = await describe(join(folder, candidate), name)
      if (file) return file
    }
    missing.push(name)
    return null
  }
  const main = found.isDirectory() ? await find(mainName!) : await describe(path, plainName(path))
  const joined = new Map<string, SourceFile>()
  for (const name of new Set(joinNames)) {
    const file = await find(name)
    if (file) joined.set(name, file)
  }
  if (missing.length > 0 || !main) {
    throw new InputError(`The folder ${folder} lacks ${missing.join(', ')} (as it is or with .gz).`, 'path')
  }
  return { main, joined }
}

const plainName = (path: string) => basename(path).replace(/\.gz$/, '')

async function describe(path: string, name: string): Promise<SourceFile | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? { name, path, bytes: found.size } : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const refuseMissing = (path: string) => (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    throw new InputError(`There is no file or folder ${path}.`, 'path')
  }
  if (error.code === 'EACCES') throw new InputError(`${path} may not be read by this user.`, 'path')
  throw error
}

/** First bytes that say what a file is, if it is no CSV. */
const signatures: readonly { hex: string; says: string }[] = [
  { hex: '504b0304', says: 'is a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV' },
  { hex: 'd0cf11e0', says: 'is an old Excel workbook: save the sheet as CSV' },
  { hex: '25504446', says: 'is a PDF' },
  { hex: '89504e47', says: 'is a picture' },
  { hex: 'ffd8ff', says: 'is a picture' },
]
const utf16Marks = ['fffe', 'feff']

/** @throws InputError when the file is empty, or its first bytes say that it is no text in this encoding. */
async function inspect(file: SourceFile, encoding: string): Promise<{ isGzip: boolean }> {
  const handle = await open(file.path)
  try {
    const head = Buffer.alloc(8)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (bytesRead === 0) throw new InputError(`${file.name} is empty.`, 'path')
    const hex = head.subarray(0, bytesRead).toString('hex')
    const known = signatures.find((signature) => hex.startsWith(signature.hex))
    if (known) throw new InputError(`${file.name} ${known.says}.`, 'path')
    if (utf16Marks.some((mark) => hex.startsWith(mark)) && !encoding.toLowerCase().startsWith('utf-16')) {
      throw new InputError(
        `${file.name} is UTF-16; the profile expects ${encoding}. Save it so, or set "encoding": "utf-16le" in the profile.`,
        'path',
      )
    }
    return { isGzip: hex.startsWith('1f8b') }
  } finally {
    await handle.close()
  }
}

/**
 * The text of a file as UTF-8 chunks. What is not valid in the encoding becomes U+FFFD, so that the row that
 * holds it can be refused by name while the others are read.
 */
export async function* readText(
  file: SourceFile,
  encoding: string,
  onBytes: (count: number) => void,
): AsyncGenerator<string> {
  const { isGzip } = await inspect(file, encoding)
  const decoder = decoderFor(encoding)
  const bytes = createReadStream(file.path, { highWaterMark: 256 * 1024 })
  bytes.on('data', (chunk) => onBytes(chunk.length))
  // pipeline's callback is where a stream error would go twice; the consumer below gets it from the last stream.
  const plain = isGzip ? pipeline(bytes, createGunzip({ chunkSize: 256 * 1024 }), () => {}) : bytes
  try {
    for await (const chunk of plain) yield decoder.decode(chunk as Buffer, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error
    throw new InputError(`${file.name} is a damaged gzip file: ${(error as Error).message}.`, 'path')
  }
}

function decoderFor(encoding: string) {
  try {
    return new TextDecoder(encoding)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new InputError(
      `"${encoding}" is no encoding this hub reads (utf-8, gb18030, windows-1252 ...).`,
      'encoding',
    )
  }
}
