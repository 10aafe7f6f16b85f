import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { isCurrency } from '../lib/money.ts'
import { InputError } from '../sdk/errors.ts'
import { type Profile, profileSchema } from './profile.ts'

const folder = fileURLToPath(new URL('./profiles', import.meta.url))

export type ProfileSummary = { id: string; name: string; kind: Profile['kind']; description: string }

/** The profiles that come with the hub, by id. */
export async function listProfiles(): Promise<ProfileSummary[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const profiles = await Promise.all(names.map((name) => readProfile(join(folder, name))))
  return profiles.map(({ id, name, kind, description }) => ({ id, name, kind, description }))
}

/**
 * A shipped profile by id, or one of the user's by the path of its JSON file.
 * @throws InputError when there is none, or it is not a valid profile (naming what is wrong where).
 */
export async function loadProfile(idOrFile: string): Promise<Profile> {
  if (idOrFile.endsWith('.json')) return readProfile(idOrFile)
  const known = (await listProfiles()).map((profile) => profile.id)
  if (!known.includes(idOrFile)) {
    throw new InputError(
      `There is no profile "${idOrFile}". Shipped: ${known.join(', ')}; your own is named by its .json file.`,
      'profile',
    )
  }
  return readProfile(join(folder, `${idOrFile}.json`))
}

async function readProfile(path: string): Promise<Profile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`The profile ${path} cannot be read: ${error.message}.`, 'profile')
  })
  return parseProfile(text, basename(path))
}

/** A profile from its JSON. @throws InputError naming what is wrong where. */
export function parseProfile(text: string, name: string): Profile {
  const parsed = profileSchema.safeParse(parseJson(text, name))
  if (!parsed.success) {
    throw new InputError(`The profile ${name} is not valid:\n${z.prettifyError(parsed.error)}`, 'profile')
  }
  const { currency } = parsed.data
  if (currency !== undefined && !isCurrency(currency)) {
    throw new InputError(
      `The profile ${name} has no valid currency: "${currency}" is no ISO 4217 code.`,
      'currency',
    )
  }
  return parsed.data
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`The profile ${name} is no valid JSON: ${(error as Error).message}.`, 'profile')
  }
}
