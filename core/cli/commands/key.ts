import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { rotateAccessSecret } from '../../access/secret.ts'
import { appendAudit } from '../../audit/audit.ts'
import { rotateMasterKey } from '../../connections/vault.ts'
import { ConflictError } from '../../sdk/errors.ts'
import { exitCodes } from '../output.ts'
import { cliAct, dataFolderOf, withHub } from '../session.ts'

/** `entrepot rotate-key` */
export function keyCommand(program: Command): void {
  program
    .command('rotate-key')
    .description('seal all credentials and second factors with a new key; stop every hub process first')
    .action((_options: unknown, command: Command) =>
      withHub(command.optsWithGlobals(), async (hub, output) => {
        if (process.env.ENTREPOT_KEY) {
          throw new ConflictError(
            'The key comes from ENTREPOT_KEY. Rotate with the key in the data folder, then set the variable anew.',
          )
        }
        const file = join(dataFolderOf(command.optsWithGlobals()), 'master-key')
        const next = randomBytes(32)
        // The new key is on disk before anything is sealed with it: a crash in between loses no credential.
        await writeFile(`${file}.next`, `${next.toString('base64')}\n`, {
          mode: 0o600,
          flag: existsSync(`${file}.next`) ? 'w' : 'wx',
        })
        const sealed = await hub.db.transaction(async (tx) => {
          const count = await rotateMasterKey(tx, hub.key, next)
          await rotateAccessSecret(tx, hub.key, next)
          await appendAudit(tx, cliAct(), {
            action: 'key.rotated',
            subject: 'hub',
            after: { connections: count },
          })
          return count
        })
        await rename(file, `${file}.old`)
        await rename(`${file}.next`, file)
        output.json({ connections: sealed })
        output.line(
          `The credentials of ${sealed} connections are sealed with a new key, and everybody has to sign in again. The old one is ${file}.old: delete it when every hub runs again.`,
        )
        return exitCodes.ok
      }),
    )
}
