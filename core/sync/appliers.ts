import type { Applier } from '../proposals/proposals.ts'
import { applyCapsExceeded } from './caps.ts'
import { applyEndListings } from './end.ts'
import { applyPriceStep } from './price-steps.ts'

/** What each kind of proposal does when a person approves it. */
export const appliers: ReadonlyMap<string, Applier> = new Map([
  ['price_step', applyPriceStep],
  ['caps_exceeded', applyCapsExceeded],
  ['end_listings', applyEndListings],
])
