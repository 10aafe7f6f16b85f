import { realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve } from 'node:path'
import type { ReadableStream } from 'node:stream/web'
import { transact } from '../db/transact.ts'
import { loadProfile } from '../imports/profiles.ts'
import { readImport } from '../imports/read.ts'
import { describeFile, readColumns } from '../imports/sample.ts'
import { readSavedMappings, saveMapping } from '../imports/saved-mappings.ts'
import { assertReadable, createImport, createPreview } from '../imports/start.ts'
import type { ImportKind } from '../imports/targets.ts'
import { keepUpload, readUpload, type Upload } from '../imports/uploads.ts'
import { type ImportMapping, toProfile } from '../imports/wizard-profile.ts'
import type { Act } from '../lib/act.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import { sendWork } from '../sync/work.ts'
import type { ApiContext } from './context.ts'

/** How a file is to be read, where a person knows better. */
type ReadAs = { kind?: ImportKind | undefined; encoding?: string | undefined; delimiter?: string | undefined }

/** Starts imports of files that lie on the server or are sent to it. */
export function createImportDesk({ hub, importFolder }: ApiContext) {
  const folder = (): string => {
    if (importFolder === null)
      throw new ConflictError(
        'No import folder is set: the API may read no files. Import with the command line.',
      )
    return importFolder
  }

  async function describe(upload: Upload, readAs: ReadAs) {
    const { path: _path, columns: _columns, signature, createdBy: _by, ...shown } = upload
    const { kind, encoding = upload.encoding, delimiter = upload.delimiter } = readAs
    const file = { path: upload.path, name: upload.fileName }
    const described = await describeFile(hub.db, file, { encoding, delimiter }, kind)
    const saved = (await readSavedMappings(hub.db, signature)).map(({ mapping, savedBy, savedAt }) => ({
      mapping,
      savedBy,
      savedAt,
    }))
    return { ...shown, encoding, delimiter, ...described, saved }
  }

  /** The profile that a mapping of a file stands for, checked against the file. */
  async function toChecked(upload: Upload, mapping: ImportMapping) {
    const { path, fileName: name } = upload
    const { encoding = upload.encoding, delimiter = upload.delimiter } = mapping
    const columns = await readColumns({ path, name }, { encoding, delimiter })
    const profile = toProfile(mapping, { encoding, delimiter, columns })
    return { profile, ...(await assertReadable(profile, path)) }
  }

  return {
    /** @throws InputError, ConflictError */
    startFromFolder: async (profile: string, path: string, act: Act) => {
      const source = await resolveInside(folder(), path, 'path')
      const from = profile.endsWith('.json') ? await resolveInside(folder(), profile, 'profile') : profile
      const loaded = await loadProfile(from)
      const { columns } = await assertReadable(loaded, source)
      const wanted = { profile: loaded, path: source, rejectsFolder: folder(), fileName: basename(path) }
      const { importId, work } = await transact(hub.db, (tx) => createImport(tx, wanted, columns, act))
      await sendWork(hub, work.id)
      return readImport(hub.db, importId)
    },

    /** @throws InputError when there is no body, or it is no table. */
    keep: async (body: unknown, name: string, act: Act) => {
      if (body === null) throw new InputError('Send the file as the body.', 'body')
      const sent = { body: body as ReadableStream, fileName: name }
      return describe(await keepUpload(hub.db, folder(), sent, act), {})
    },

    describe: async (id: string, readAs: ReadAs) => describe(await readUpload(hub.db, id), readAs),

    preview: async (id: string, mapping: ImportMapping, act: Act) => {
      const upload = await readUpload(hub.db, id)
      const { profile } = await toChecked(upload, mapping)
      const work = await transact(hub.db, (tx) =>
        createPreview(tx, { profile, path: upload.path, mapping }, upload.fileName, act),
      )
      await sendWork(hub, work.id)
      return work
    },

    startUpload: async (id: string, mapping: ImportMapping, act: Act) => {
      const upload = await readUpload(hub.db, id)
      const { profile, columns } = await toChecked(upload, mapping)
      const wanted = { profile, path: upload.path, rejectsFolder: folder(), fileName: upload.fileName }
      const { importId, work } = await transact(hub.db, async (tx) => {
        await saveMapping(tx, upload.signature, mapping, act)
        return createImport(tx, wanted, columns, act)
      })
      await sendWork(hub, work.id)
      return readImport(hub.db, importId)
    },
  }
}

/** A path below a folder, links followed. @throws InputError when it leads out of it or nowhere. */
async function resolveInside(folder: string, path: string, field: string): Promise<string> {
  const root = await realpath(folder)
  const outside = new InputError(`There is no "${path}" in the import folder.`, field)
  const found = await realpath(resolve(root, path)).catch(() => {
    throw outside
  })
  const inside = relative(root, found)
  if (inside.startsWith('..') || isAbsolute(inside)) throw outside
  return found
}
