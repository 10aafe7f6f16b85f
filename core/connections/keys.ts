import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The key-encryption key: it opens the data keys of connections and never enters the database. */
export type MasterKey = Buffer

const keyBytes = 32

/**
 * Reads the key from ENTREPOT_KEY (base64 of 32 bytes), or from `file`, made at first use with access for its
 * owner only. Keep a copy: without it no credential can be opened.
 * @throws Error when the key has not 32 bytes.
 */
export async function loadMasterKey(
  file: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<MasterKey> {
  const told = environment.ENTREPOT_KEY
  if (told) return decode(told, 'ENTREPOT_KEY')
  if (existsSync(file)) return decode(await readFile(file, 'utf8'), file)
  const key = randomBytes(keyBytes)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

function decode(text: string, where: string): MasterKey {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== keyBytes)
    throw new Error(
      `The key in ${where} has ${key.length} bytes instead of ${keyBytes}. It must be 32 random bytes in base64.`,
    )
  return key
}
