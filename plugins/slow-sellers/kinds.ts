import { ConflictError, type Money, type ProposalContext } from 'entrepot/sdk'
import { z } from 'zod'
import { dayOf } from './days.ts'
import { assertWithinPolicy, nameSkus } from './guard.ts'
import type { Settings, StepKind } from './settings.ts'
import { applySteps, undoSteps } from './steps.ts'

const item = z.object({
  listingId: z.string(),
  variantId: z.string(),
  sku: z.string(),
  currency: z.string(),
  fromMinor: z.int().nullable(),
  toMinor: z.int().nullable(),
  onHand: z.int().nullable(),
  costMinor: z.int().nullable(),
  note: z.string(),
})

/** A step of the ladder for several listings of a connection. */
export const stepPayload = z.object({
  connectionId: z.string(),
  day: z.string(),
  policyVersion: z.string(),
  promoteDays: z.int(),
  items: z.array(item).min(1),
})
export type StepPayload = z.output<typeof stepPayload>

type Apply = ProposalContext<Settings>
type Priced = { variantId: string; price: Money }
type Undo =
  | { did: 'nothing' }
  | { did: 'repriced'; before: Priced[]; after: Priced[] }
  | { did: 'promoted'; ids: string[] }
  | { did: 'ended'; listingIds: string[] }

const dayMs = 86_400_000

/** What a step does to the goods. To improve and to bundle is a person's work: the hub changes nothing. */
const act: Record<StepKind, (payload: StepPayload, context: Apply) => Promise<Undo>> = {
  improve: async () => ({ did: 'nothing' }),
  bundle: async () => ({ did: 'nothing' }),
  reprice: async ({ items }, context) => reprice(items, await assertPrices(items, context), context),
  promote: async ({ connectionId, items, promoteDays }, context) => {
    await assertPrices(items, context)
    const startsAt = context.clock.now()
    const endsAt = new Date(startsAt.getTime() + promoteDays * dayMs)
    const ids = await context.actions.addPromotionalPrices(
      items.map(({ variantId, toMinor, currency }) => ({
        variantId,
        connectionId,
        price: { minor: toMinor!, currency },
        startsAt,
        endsAt,
        priority: 0,
      })),
    )
    return { did: 'promoted', ids }
  },
  end: async ({ items }, { actions, proposalId }) => {
    const listingIds = items.map(({ listingId }) => listingId)
    await actions.endListings(listingIds, `Slow seller, proposal ${proposalId}`)
    return { did: 'ended', listingIds }
  },
}

/**
 * Base prices move by the same factor as the listing's: a connection's price is the base price after its rule. Rounded
 * up, so that the floor holds.
 */
async function reprice(items: StepPayload['items'], bases: Bases, { actions }: Apply): Promise<Undo> {
  const unpriced = items.filter(({ listingId }) => !bases.get(listingId))
  if (unpriced.length > 0)
    throw new ConflictError(
      `${nameSkus(unpriced)} no longer has a base price in its currency. Nothing was changed; propose again.`,
    )
  const before = items.map(({ listingId, variantId }) => ({ variantId, price: bases.get(listingId)! }))
  const after = items.map(({ listingId, variantId, fromMinor, toMinor, currency }) => {
    const minor = Math.ceil((bases.get(listingId)!.minor * toMinor!) / fromMinor!)
    return { variantId, price: { minor, currency } }
  })
  await actions.setBasePrices(after)
  return { did: 'repriced', before, after }
}

/** By listing. */
type Bases = ReadonlyMap<string, Money | null>

/** The base prices of now. @throws ConflictError when a price is no longer the one that was proposed from, or its floor has risen above it */
async function assertPrices(items: StepPayload['items'], { services }: Apply): Promise<Bases> {
  const bases = new Map<string, Money | null>()
  const byId = new Map(items.map((entry) => [entry.listingId, entry]))
  const stale = new Set(byId.keys())
  for await (const page of services.streamListings({ listingIds: [...byId.keys()] })) {
    for (const { listingId, price, floor, basePrice } of page) {
      bases.set(listingId, basePrice)
      const { fromMinor, toMinor } = byId.get(listingId)!
      if (price?.minor === fromMinor && floor !== null && floor.minor <= toMinor!) stale.delete(listingId)
    }
  }
  if (stale.size === 0) return bases
  const names = nameSkus(items.filter(({ listingId }) => stale.has(listingId)))
  throw new ConflictError(
    `The price or floor of ${names} is not what it was when this was proposed. Nothing was changed; propose again.`,
  )
}

const takeBack = async (undo: Undo, { actions }: Apply): Promise<void> => {
  if (undo.did === 'promoted') await actions.removePromotionalPrices(undo.ids)
  if (undo.did === 'ended') await actions.relistListings(undo.listingIds)
  if (undo.did === 'repriced') {
    const found = await actions.setBasePrices(undo.before)
    // Who set another price since then has decided it: that one stays.
    const ours = new Map(undo.after.map(({ variantId, price }) => [variantId, price.minor]))
    const decided = found.flatMap(({ variantId, price }) =>
      price !== null && price.minor !== ours.get(variantId) ? [{ variantId, price }] : [],
    )
    if (decided.length > 0) await actions.setBasePrices(decided)
  }
}

/** A step of the ladder as a kind of proposal. */
export const stepProposal = (kind: StepKind) => ({
  payload: stepPayload,
  apply: async (payload: StepPayload, context: Apply): Promise<Undo> => {
    const settings = await context.settings()
    const today = dayOf(context.clock.now(), settings.timeZone)
    await assertWithinPolicy(context.db, kind, payload, settings, today)
    const undo = await act[kind](payload, context)
    await applySteps(context.db, { ...payload, kind }, context.proposalId, today)
    return undo
  },
  undo: async (undo: Undo, context: Apply): Promise<void> => {
    await takeBack(undo, context)
    await undoSteps(context.db, context.proposalId)
  },
})
