import type { Command } from 'commander'
import type { NewLink } from '../../access/links.ts'
import {
  changeUser,
  findUser,
  inviteUser,
  listUsers,
  renewLink,
  resetSecondFactor,
} from '../../access/users.ts'
import { linkPath } from '../../api/links.ts'
import { readReach } from '../../api/visitor.ts'
import type { Tx } from '../../db/client.ts'
import { transact } from '../../db/transact.ts'
import { InputError } from '../../sdk/errors.ts'
import { type Role, roles } from '../../sdk/role.ts'
import type { RunningHub } from '../../sync/start.ts'
import { exitCodes, type Output } from '../output.ts'
import { cliAct, withHub } from '../session.ts'

/** `entrepot users …`: works on the database itself, so it needs no login; who can read it and the key is an admin. */
export function userCommands(program: Command): void {
  const group = program.command('users').description('who may sign in, and as what')
  const run = (work: (hub: RunningHub, output: Output) => Promise<void>, command: Command) =>
    withHub(command.optsWithGlobals(), async (hub, output) => {
      await work(hub, output)
      return exitCodes.ok
    })

  group
    .command('list')
    .description('everybody who has or had an account')
    .action((_options: unknown, command: Command) =>
      run(async (hub, output) => {
        const users = await listUsers(hub.db)
        output.json(users)
        output.table(
          users.map(({ email, name, role, state, hasSecondFactor, lastSignInAt }) => ({
            email,
            name,
            role,
            state,
            'second factor': hasSecondFactor ? 'yes' : 'no',
            'last sign-in': lastSignInAt?.toISOString() ?? 'never',
          })),
          ['email', 'name', 'role', 'state', 'second factor', 'last sign-in'],
        )
      }, command),
    )
  group
    .command('invite')
    .argument('<email>')
    .description('add a person, and print the one-time link to send to them')
    .requiredOption('--role <role>', roles.join(', '))
    .option('--name <name>', 'what to call them')
    .action((email: string, { role, name = email }: { role: string; name?: string }, command: Command) =>
      run(async (hub, output) => {
        const invitation = { email, name, role: readRole(role) }
        const { user, link } = await transact(hub.db, (tx) => inviteUser(tx, invitation, cliAct()))
        tellLink(output, user.email, 'to join', link)
      }, command),
    )
  group
    .command('link')
    .argument('<email>')
    .description('print a new one-time link: to join, or to choose another password')
    .action((email: string, _options: unknown, command: Command) =>
      run(async (hub, output) => {
        const { purpose, link } = await transact(hub.db, async (tx) =>
          renewLink(tx, (await findUser(tx, email)).id, cliAct()),
        )
        tellLink(output, email, purpose === 'invitation' ? 'to join' : 'to choose another password', link)
      }, command),
    )
  const change = (name: string, description: string, work: (tx: Tx, id: string) => Promise<unknown>) =>
    group
      .command(name)
      .argument('<email>')
      .description(description)
      .action((email: string, _options: unknown, command: Command) =>
        run(async (hub, output) => {
          await transact(hub.db, async (tx) => work(tx, (await findUser(tx, email)).id))
          const user = await findUser(hub.db, email)
          output.json(user)
          output.line(`${user.email}: ${user.role}, ${user.state}.`)
        }, command),
      )
  change('disable', 'keep a person out: signed out everywhere, keys at rest', (tx, id) =>
    changeUser(tx, id, { isDisabled: true }, cliAct()),
  )
  change('enable', 'let a person in again', (tx, id) => changeUser(tx, id, { isDisabled: false }, cliAct()))
  change('reset-second-factor', 'take the second factor away from a person who lost it', (tx, id) =>
    resetSecondFactor(tx, id, cliAct()),
  )
  group
    .command('role')
    .argument('<email>')
    .argument('<role>', roles.join(', '))
    .description('change what a person may do')
    .action((email: string, role: string, _options: unknown, command: Command) =>
      run(async (hub, output) => {
        const user = await transact(hub.db, async (tx) =>
          changeUser(tx, (await findUser(tx, email)).id, { role: readRole(role) }, cliAct()),
        )
        output.json(user)
        output.line(`${user.email}: ${user.role}.`)
      }, command),
    )
}

function readRole(text: string): Role {
  const role = roles.find((one) => one === text)
  if (!role) throw new InputError(`There is no role "${text}". There are ${roles.join(', ')}.`, 'role')
  return role
}

function tellLink(output: Output, email: string, purpose: string, { token, expiresAt }: NewLink): void {
  const { publicUrls } = readReach({ publicUrl: process.env.ENTREPOT_URL })
  const path = linkPath(token)
  output.json({ email, path, expiresAt })
  output.line(`For ${email} ${purpose}, once, until ${expiresAt.toISOString()}:`)
  output.line(
    publicUrls[0]
      ? `${publicUrls[0].origin}${path}`
      : `${path} behind the address of the hub, such as http://127.0.0.1:7070`,
  )
}
