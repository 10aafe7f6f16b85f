import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { InputError } from '../sdk/errors.ts'
import { connectionCommands, scheduleCommands } from './commands/connection.ts'
import { demoCommand } from './commands/demo.ts'
import { hubCommands } from './commands/hub.ts'
import { importCommand } from './commands/import.ts'
import { keyCommand } from './commands/key.ts'
import { lookCommands } from './commands/look.ts'
import { addPluginCommands, pluginCommands } from './commands/plugin.ts'
import { quoteCommand } from './commands/quote.ts'
import { shipCommands } from './commands/ship.ts'
import { shelfCommands, syncCommands } from './commands/sync.ts'
import { userCommands } from './commands/users.ts'
import { warehouseCommands } from './commands/warehouse.ts'
import { createOutput, exitCodes, reportError } from './output.ts'
import type { GlobalOptions } from './session.ts'

/** The command line with the options that every command takes. */
const createProgram = () =>
  new Command('entrepot')
    .description('One catalogue, price, stock and order model, in step with every marketplace.')
    .version(packageJson.version)
    .option('--json', 'write one JSON value for machines instead of text')
    .option(
      '--data-folder <folder>',
      'where the embedded database and the key live (ENTREPOT_DATA, else ./data)',
    )
    .option('--database-url <url>', 'any PostgreSQL 15 or later instead of the embedded one (DATABASE_URL)')
    .option('--config <file>', 'what is installed (ENTREPOT_CONFIG, else hub.config.ts)')
    .option('--log-level <level>', 'debug, info, warn, error or silent (ENTREPOT_LOG)')
    .exitOverride()

const program = createProgram()
hubCommands(program)
demoCommand(program)
importCommand(program)
connectionCommands(program)
scheduleCommands(program)
syncCommands(program)
shelfCommands(program)
shipCommands(program)
warehouseCommands(program)
keyCommand(program)
userCommands(program)
quoteCommand(program)
lookCommands(program)
pluginCommands(program)

/**
 * Commands of plugins are known only once hub.config.ts is loaded: a command of the hub's own does not wait for
 * that, and still works when it cannot be loaded. Returns whether the command line can be read.
 */
async function preparePlugins(): Promise<boolean> {
  const probe = createProgram().helpOption(false).allowUnknownOption()
  const { operands } = probe.parseOptions(process.argv.slice(2))
  const [named] = operands
  if (program.commands.some((command) => command.name() === named)) return true
  const options = probe.opts<GlobalOptions>()
  try {
    await addPluginCommands(program, options)
    return true
  } catch (error) {
    const message = `The commands of plugins are not known: ${(error as Error).message}`
    program.addHelpText('after', `\n${message}`)
    if (named === undefined || named === 'help') return true
    const told = error instanceof InputError ? error : new Error(message, { cause: error })
    process.exitCode = reportError(createOutput(options.json === true), told)
    return false
  }
}

try {
  if (await preparePlugins()) await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput
}
