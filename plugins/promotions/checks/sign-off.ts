import { type Check, type CheckInput, checkOf } from './check.ts'

/** Who must sign, and who has. */
export function checkSignOff({ settings, signatures }: CheckInput): Check {
  const open = settings.requiredRoles.filter(
    (role) => !signatures.some((signature) => signature.role === role),
  )
  return checkOf('sign-off', 'Sign-offs', {
    status: 'blocks',
    subjects: open.map((subject) => ({ subject, message: 'Has not signed this revision.' })),
    message: `${open.length} of ${settings.requiredRoles.length} sign-offs are open.`,
    fine: settings.requiredRoles.length === 0 ? 'No sign-off is required.' : 'All have signed.',
    numbers: { required: settings.requiredRoles.length, signed: signatures.length },
  })
}
