import type { Command } from 'commander'
import { listProfiles } from '../../imports/profiles.ts'
import { runImport } from '../../imports/run.ts'
import { healUnknownSkus } from '../../orders/lines.ts'
import { InputError } from '../../sdk/errors.ts'
import { exitCodes } from '../output.ts'
import { cliAct, withHub } from '../session.ts'

/** `entrepot import` */
export function importCommand(program: Command): void {
  program
    .command('import')
    .argument(
      '[profile]',
      'a shipped profile or the path of your own; without it the shipped ones are listed',
    )
    .argument('[path]', 'the CSV file, plain or gzip, or the folder that holds the profile’s files')
    .option('--rejects <file>', 'where refused rows are written')
    .description('read products, stock, prices or orders from CSV; may be repeated without doubling')
    .action(
      (
        profile: string | undefined,
        path: string | undefined,
        options: { rejects?: string },
        command: Command,
      ) =>
        withHub(command.optsWithGlobals(), async (hub, output) => {
          if (profile === undefined) {
            const shipped = await listProfiles()
            output.json(shipped)
            output.table(shipped.map(({ id, kind, description }) => ({ profile: id, kind, description })))
            return exitCodes.ok
          }
          if (path === undefined) throw new InputError('Name the file or folder to import.', 'path')
          const progress = output.progress('Importing')
          const report = await runImport({
            db: hub.db,
            profile,
            path,
            actor: cliAct().actor,
            clock: hub.clock,
            ...(options.rejects ? { rejectsPath: options.rejects } : {}),
            onProgress: ({ bytesRead, bytesTotal, rows, rowsPerSecond }) =>
              progress.set(
                Math.round(bytesRead / 1024),
                Math.round(bytesTotal / 1024),
                `KiB, ${rows} rows, ${Math.round(rowsPerSecond)} a second`,
              ),
          })
          progress.end()
          const healed = await healUnknownSkus(hub.db, cliAct())
          output.json({ ...report, healed })
          output.table(
            Object.entries(report.counts)
              .filter(([, value]) => value > 0)
              .map(([what, count]) => ({ what, count })),
          )
          if (healed > 0) output.line(`${healed} order lines found their SKU.`)
          if (report.rejectsFile)
            output.line(`What could not be imported, with line and reason: ${report.rejectsFile}`)
          if (report.stoppedBy) output.line(`Reading stopped before the end: ${report.stoppedBy}`)
          return report.counts.rejected > 0 || report.stoppedBy ? exitCodes.needsAttention : exitCodes.ok
        }),
    )
}
