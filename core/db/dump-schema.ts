import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrateDatabase, openDatabase } from './client.ts'
import { describeSchema } from './describe-schema.ts'
import { startEmbedded } from './embedded.ts'

/** Writes what the migrations make into schema.sql, so that a change of the schema is a readable diff. */
const folder = await mkdtemp(join(tmpdir(), 'entrepot-schema-'))
await chmod(folder, 0o755)
const server = await startEmbedded(folder)
const database = await openDatabase(server.url)
await migrateDatabase(database)
await writeFile(fileURLToPath(new URL('./schema.sql', import.meta.url)), await describeSchema(database.db))
await database.close()
await server.stop()
await rm(folder, { recursive: true })
