import type { Command } from 'commander'
import { findConnection, listConnections } from '../../connections/connections.ts'
import { explainSku } from '../../listings/explain.ts'
import { readActivePlugins } from '../../plugins/settings.ts'
import { listProblems, resolveProblem } from '../../problems/problems.ts'
import { approveProposal, listProposals, rejectProposal, undoProposal } from '../../proposals/proposals.ts'
import { decisionsOf } from '../../sync/appliers.ts'
import { applyFilters } from '../../sync/aspects.ts'
import { diagnose } from '../doctor.ts'
import { printExplanation } from '../explanation.ts'
import { exitCodes } from '../output.ts'
import { cliAct, dataFolderOf, withHub } from '../session.ts'

/** `entrepot explain`, `problems`, `proposals` and `doctor`. */
export function lookCommands(program: Command): void {
  program
    .command('explain')
    .argument('<sku>')
    .option('--connection <name>', 'only this one')
    .description('each term of the published quantity and price, with the event behind it')
    .action((sku: string, options: { connection?: string }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connectionId = options.connection ? (await findConnection(hub.db, options.connection)).id : null
        const plugins = await readActivePlugins(hub.db, hub.plugins)
        const explanation = await explainSku(
          hub.db,
          sku,
          connectionId,
          hub.clock.now(),
          (aspect, said, about) => applyFilters(plugins, aspect, said, about),
        )
        output.json(explanation)
        printExplanation(output, explanation)
        return exitCodes.ok
      }),
    )
  const problems = program.command('problems').description('what is stopped, why, and how to resolve it')
  problems
    .command('list', { isDefault: true })
    .option('--kind <kind>')
    .option('--connection <name>')
    .action((options: { kind?: string; connection?: string }, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const connectionId = options.connection
          ? (await findConnection(hub.db, options.connection)).id
          : undefined
        const open = await listProblems(hub.db, {
          ...(options.kind ? { kind: options.kind } : {}),
          ...(connectionId ? { connectionId } : {}),
          limit: 500,
        })
        output.json(open)
        for (const problem of open) {
          output.line(
            `${problem.kind}  ${problem.id}  since ${problem.since.toISOString()}, seen ${problem.timesSeen} times`,
          )
          output.line(`  ${problem.message}`)
          if (problem.vendorMessage && !problem.message.includes(problem.vendorMessage))
            output.line(`  The platform says: ${problem.vendorMessage}`)
          output.line(`  Holds up ${problem.holdsUp}. ${problem.remedy}`)
        }
        if (open.length === 0) output.line('There is no open problem.')
        return open.length === 0 ? exitCodes.ok : exitCodes.needsAttention
      }),
    )
  problems
    .command('resolve')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        await hub.db.transaction((tx) => resolveProblem(tx, id, cliAct()))
        output.json({ id, resolved: true })
        output.line(`${id} is resolved.`)
        return exitCodes.ok
      }),
    )
  proposalCommands(program)
  program
    .command('doctor')
    .description('check database, key, ledger, audit log and every connection')
    .action((_options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const checks = await diagnose(
          hub,
          await listConnections(hub.db),
          dataFolderOf(command.optsWithGlobals()),
        )
        output.json(checks)
        for (const check of checks)
          output.line(`${check.ok ? 'ok  ' : 'BAD '} ${check.name}: ${check.finding}`)
        return checks.every((check) => check.ok) ? exitCodes.ok : exitCodes.needsAttention
      }),
    )
}

function proposalCommands(program: Command): void {
  const group = program.command('proposals').description('changes that wait for approval')
  group.command('list', { isDefault: true }).action((_options: unknown, command: Command) =>
    withHub(command.optsWithGlobals(), async (hub, output) => {
      const open = await listProposals(hub.db)
      output.json(open)
      for (const proposal of open) {
        output.line(`${proposal.id}  ${proposal.title} (${proposal.costCalls} calls)`)
        output.line(`  ${proposal.reason}`)
        for (const line of proposal.diff.slice(0, 10))
          output.line(`  ${line.subject} ${line.field}: ${line.from} -> ${line.to}`)
        if (proposal.diff.length > 10)
          output.line(`  … and ${proposal.diff.length - 10} more; --json shows them`)
      }
      if (open.length === 0) output.line('There is no open proposal.')
      return exitCodes.ok
    }),
  )
  group
    .command('approve')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const applied = await approveProposal(hub.db, decisionsOf(hub).apply, id, cliAct())
        output.json(applied)
        output.line(`${applied.title}: applied.`)
        return exitCodes.ok
      }),
    )
  group
    .command('undo')
    .argument('<id>')
    .description('take back what an applied proposal did')
    .action((id: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        const undone = await undoProposal(hub.db, decisionsOf(hub).undo, id, cliAct())
        output.json(undone)
        output.line(`${undone.title}: taken back.`)
        return exitCodes.ok
      }),
    )
  group
    .command('reject')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        await hub.db.transaction((tx) => rejectProposal(tx, id, cliAct()))
        output.json({ id, rejected: true })
        output.line(`${id} is rejected; nothing was changed.`)
        return exitCodes.ok
      }),
    )
}
