import type { Applier, Undoer } from '../proposals/proposals.ts'
import { applyCapsExceeded } from './caps.ts'
import { applyEndListings, takeBackEnding } from './end.ts'
import type { Hub } from './hub.ts'
import { pluginDecisions } from './plugin-proposals.ts'
import { applyPriceStep } from './price-steps.ts'
import { applyRefund } from './refunds.ts'

/** What each kind of the hub's own proposals does when a person approves it. */
export const appliers: ReadonlyMap<string, Applier> = new Map([
  ['price_step', applyPriceStep],
  ['caps_exceeded', applyCapsExceeded],
  ['end_listings', applyEndListings],
])

const undoers: ReadonlyMap<string, Undoer> = new Map([
  [
    'end_listings',
    (tx, proposal, act) => takeBackEnding(tx, proposal.undo as Parameters<typeof takeBackEnding>[1], act),
  ],
])

/** What approving and taking back does, for every kind that this hub knows: its own and those of its plugins. */
export function decisionsOf(hub: Hub): {
  apply: ReadonlyMap<string, Applier>
  undo: ReadonlyMap<string, Undoer>
} {
  const { apply, undo } = pluginDecisions(hub)
  return {
    apply: new Map([...appliers, ['refund', applyRefund(hub)], ...apply]),
    undo: new Map([...undoers, ...undo]),
  }
}
