import { createHash } from 'node:crypto'

/**
 * Whether a listing belongs to the control group, which is never acted on. The same listing under the same policy
 * version always gives the same answer; another version draws anew.
 */
export function isHeldBack(
  listingId: string,
  { policyVersion, controlPercent }: { policyVersion: string; controlPercent: number },
): boolean {
  const digest = createHash('sha256').update(`${policyVersion}:${listingId}`).digest()
  return digest.readUInt32BE(0) / 2 ** 32 < controlPercent / 100
}
