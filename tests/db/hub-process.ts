import { startEmbedded } from '../../core/db/embedded.ts'

/** A hub in a process of its own, for tests that kill it: says where its database is, and stays. */
const server = await startEmbedded(process.argv[2]!)
process.stdout.write(`${server.url}\n`)
setInterval(() => {}, 60_000)
