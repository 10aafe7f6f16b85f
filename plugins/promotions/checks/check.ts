import type { ListingFinding } from 'entrepot/sdk'
import type { Campaign } from '../campaign.ts'
import type { Collected } from '../goods.ts'
import type { Settings } from '../settings.ts'
import type { Simulation } from '../simulate.ts'
import type { Signature } from '../store.ts'

/** One look at a campaign before its start. What `blocks` must be put right before it can be proposed. */
export type Check = {
  id: string
  title: string
  status: 'ok' | 'warning' | 'blocks' | 'unchecked'
  message: string
  /** What it is about, at most `mostSubjects` of them; `numbers` say how many there are. */
  subjects: { subject: string; message: string }[]
  numbers: Record<string, number | null>
}

/** A dated price of somebody else, or of another campaign that waits for its approval. */
export type OtherPrice = {
  variantId: string
  connectionId: string | null
  currency: string
  minor: number
  startsAt: Date
  endsAt: Date
  priority: number
  /** The campaign's title, else who wrote it. */
  source: string
}

/** The lowest price of a listing in the 30 days before the start, and on how many of them one was seen. */
export type LowestPrice = { minor: number; days: number }

/** What plugins that judge listings say of those in scope: what is worth a warning or more. */
export type Audit = { asked: readonly string[]; byListing: ReadonlyMap<string, readonly ListingFinding[]> }

export type CheckInput = Collected & {
  campaign: Campaign
  settings: Settings
  simulation: Simulation
  others: readonly OtherPrice[]
  lowest: ReadonlyMap<string, LowestPrice>
  signatures: readonly Signature[]
  audit: Audit
  now: Date
}

const mostSubjects = 200

/** A check of goods: `ok` when there is nothing to tell of any. */
export function checkOf(
  id: string,
  title: string,
  found: {
    status: Check['status']
    subjects: Check['subjects']
    message: string
    fine: string
    numbers?: Check['numbers']
  },
): Check {
  const isFine = found.subjects.length === 0
  return {
    id,
    title,
    status: isFine ? 'ok' : found.status,
    message: isFine ? found.fine : found.message,
    subjects: found.subjects.slice(0, mostSubjects),
    numbers: { found: found.subjects.length, ...found.numbers },
  }
}
