import { Command, CommanderError } from 'commander'
import { connectionCommands, scheduleCommands } from './commands/connection.ts'
import { demoCommand } from './commands/demo.ts'
import { hubCommands } from './commands/hub.ts'
import { importCommand } from './commands/import.ts'
import { keyCommand } from './commands/key.ts'
import { lookCommands } from './commands/look.ts'
import { shelfCommands, syncCommands } from './commands/sync.ts'
import { exitCodes } from './output.ts'

const program = new Command('entrepot')
  .description('One catalogue, price, stock and order model, in step with every marketplace.')
  .version('0.1.0')
  .option('--json', 'write one JSON value for machines instead of text')
  .option(
    '--data-folder <folder>',
    'where the embedded database and the key live (ENTREPOT_DATA, else ./data)',
  )
  .option('--database-url <url>', 'any PostgreSQL 15 or later instead of the embedded one (DATABASE_URL)')
  .option('--config <file>', 'what is installed (ENTREPOT_CONFIG, else hub.config.ts)')
  .option('--log-level <level>', 'debug, info, warn, error or silent (ENTREPOT_LOG)')
  .exitOverride()

hubCommands(program)
demoCommand(program)
importCommand(program)
connectionCommands(program)
scheduleCommands(program)
syncCommands(program)
shelfCommands(program)
keyCommand(program)
lookCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput
}
