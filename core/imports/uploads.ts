import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { eq, lt } from 'drizzle-orm'
import { appendAudit } from '../audit/audit.ts'
import type { Db, DbOrTx } from '../db/client.ts'
import { importUploads } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import { newId } from '../lib/id.ts'
import { InputError, NotFoundError } from '../sdk/errors.ts'
import { detectDelimiter, detectEncoding } from './detect.ts'
import { isRejects, restoreRejects } from './rejects-csv.ts'
import { readColumns } from './sample.ts'
import { isWorkbook, maxWorkbookBytes, writeWorkbookAsCsv } from './workbook.ts'

export type Upload = typeof importUploads.$inferSelect

/** A file beyond this is imported by its path on the server. */
export const maxUploadBytes = 512 * 1024 * 1024
/** How long what was sent is kept. */
const keptDays = 30
const headBytes = 256 * 1024
/** How the hub itself writes files. */
const plainFormat = { encoding: 'utf-8', delimiter: ',' }

/** What a file's sender calls it, fit to be shown: no path, no control characters. */
export const cleanFileName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '')
    .replace(/[\p{C}]/gu, '')
    .trim()
    .slice(0, 200) || 'file'

/** The same for the same columns, whatever their order and however their names are spaced. */
export const signatureOf = (columns: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(columns.map((name) => name.normalize('NFKC').trim().toLowerCase()).sort()))
    .digest('hex')
    .slice(0, 32)

/**
 * Keeps a file that is sent, whatever its name says it is, and looks how it is written. A workbook is kept as the CSV
 * of its first sheet.
 * @throws InputError when it is too large, empty, or no table.
 */
export async function keepUpload(
  db: Db,
  folder: string,
  sent: { body: ReadableStream; fileName: string },
  act: Act,
): Promise<Upload> {
  const id = newId('upl', act.now.getTime())
  const uploads = join(folder, 'uploads')
  await mkdir(uploads, { recursive: true })
  const path = join(uploads, `${id}.data`)
  try {
    await receive(sent.body, path)
    const head = await readHead(path)
    const format = isWorkbook(head) ? ('xlsx' as const) : ('csv' as const)
    if (format === 'xlsx') {
      const { size } = await stat(path)
      if (size > maxWorkbookBytes)
        throw new InputError(
          `The workbook has ${mb(size)} MB; at most ${mb(maxWorkbookBytes)} MB are read. Save the sheet as CSV.`,
          'body',
        )
      await writeWorkbookAsCsv(path)
    }
    const file = { path, name: cleanFileName(sent.fileName) }
    const found = format === 'xlsx' ? plainFormat : formatOf(head)
    const isCorrected = isRejects(await readColumns(file, found))
    if (isCorrected) await restoreRejects(file, found)
    const written = isCorrected ? plainFormat : found
    const columns = await readColumns(file, written)
    const { size: bytes } = await stat(path)
    const row = {
      id,
      fileName: cleanFileName(sent.fileName),
      path,
      bytes,
      format,
      ...written,
      columns,
      signature: signatureOf(columns),
      createdBy: act.actor,
      createdAt: act.now,
    }
    return await transact(db, async (tx) => {
      await tx.insert(importUploads).values(row)
      await appendAudit(tx, act, { action: 'import.uploaded', subject: id, after: { bytes, format } })
      return row
    })
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

const mb = (bytes: number): number => Math.ceil(bytes / 1024 / 1024)

async function receive(body: ReadableStream, path: string): Promise<void> {
  let bytes = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= maxUploadBytes) done(null, chunk)
      else
        done(
          new InputError(
            `The file is larger than ${mb(maxUploadBytes)} MB. Put it into the import folder and import it by its path.`,
            'body',
          ),
        )
    },
  })
  await pipeline(Readable.fromWeb(body), limit, createWriteStream(path, { mode: 0o600 }))
  if (bytes === 0) throw new InputError('The file is empty.', 'body')
}

async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(head, 0, headBytes, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function formatOf(head: Buffer): { encoding: string; delimiter: string } {
  const encoding = detectEncoding(head)
  const text = new TextDecoder(encoding).decode(head, { stream: true })
  // The last line may be cut off.
  const whole = head.length < headBytes ? text : text.slice(0, text.lastIndexOf('\n') + 1) || text
  return { encoding, delimiter: detectDelimiter(whole) }
}

/** A file that was sent. @throws NotFoundError when there is none, or it is forgotten by now. */
export async function readUpload(db: DbOrTx, id: string): Promise<Upload> {
  const [found] = await db.select().from(importUploads).where(eq(importUploads.id, id))
  if (!found)
    throw new NotFoundError(
      `There is no uploaded file ${id}. Files are kept for ${keptDays} days: send it again.`,
    )
  return found
}

/** Forgets files that were sent long ago, on the disk too. */
export async function pruneUploads(db: DbOrTx, now: Date): Promise<void> {
  const gone = await db
    .delete(importUploads)
    .where(lt(importUploads.createdAt, new Date(now.getTime() - keptDays * 86_400_000)))
    .returning({ path: importUploads.path })
  for (const { path } of gone) await rm(path, { force: true })
}
