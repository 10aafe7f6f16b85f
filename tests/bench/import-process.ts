import { openDatabase } from '../../core/db/client.ts'
import { runImport } from '../../core/imports/run.ts'
import { givenOptions, serve } from './child.ts'

export type ImportOutcome = {
  counts: { created: number; pricesSet: number; stockSet: number; rejected: number }
  elapsedMs: number
  peakRssBytes: number
}

const { url } = givenOptions<{ url: string }>()
const database = await openDatabase(url)

export const control = {
  async run(path: string): Promise<ImportOutcome> {
    const rejectsPath = `${path}.rejects.csv`
    const { counts, elapsedMs } = await runImport({
      db: database.db,
      profile: 'products',
      path,
      actor: 'bench',
      rejectsPath,
    })
    return { counts, elapsedMs, peakRssBytes: process.resourceUsage().maxRSS * 1024 }
  },
}
serve(control)
