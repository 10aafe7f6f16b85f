import { readHubSettings } from '../access/settings.ts'
import type { DbOrTx } from '../db/client.ts'
import { ForbiddenError } from '../sdk/errors.ts'

const isPerson = (actor: string) => actor.startsWith('user:')
const isKey = (actor: string) => actor.startsWith('key:')
/** Whoever reads the database and the key file may do everything anyway. */
const isMachineOwner = (actor: string) => actor.startsWith('cli:')

/** Whether a proposal waits for somebody other than who made it. What schedules and plugins propose waits for anybody. */
export const waitsForSecondPerson = (proposedBy: string, needsSecondPerson: boolean): boolean =>
  needsSecondPerson && (isPerson(proposedBy) || isKey(proposedBy))

/** @throws ForbiddenError when who approves is who proposed, or is a program where a person is wanted */
export async function assertSecondPerson(db: DbOrTx, proposedBy: string, approver: string): Promise<void> {
  if (isMachineOwner(approver)) return
  const { needsSecondPerson } = await readHubSettings(db)
  if (!waitsForSecondPerson(proposedBy, needsSecondPerson)) return
  if (isPerson(approver) && approver !== proposedBy) return
  throw new ForbiddenError(
    approver === proposedBy
      ? 'You proposed this yourself: another manager has to approve it. An admin can switch this rule off in the settings.'
      : `${proposedBy} proposed this: a person has to approve it, not a program.`,
  )
}
