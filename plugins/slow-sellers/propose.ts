import { findPartners } from './bundles.ts'
import type { Context } from './context.ts'
import { isHeldBack } from './control.ts'
import { dayOf } from './days.ts'
import type { StepPayload } from './kinds.ts'
import { nextStep, roomFor } from './ladder.ts'
import { type Picked, reasonOf, titleOf, toDiff, toItem } from './proposal-words.ts'
import { ladderOf, type Settings, type StepKind, stepKinds, suggestions } from './settings.ts'
import { findAsked, readShops, recordSteps, type Shop, settleOpen, streamCandidates } from './steps.ts'

/** What a run came to on a connection. */
export type RunReport = {
  connectionId: string
  kind: StepKind
  listings: number
  heldBack: number
  proposalId: string | null
  applied: boolean
}

/** Proposes the next step of every slow listing that may have one, within the caps. May be repeated. */
export async function proposeSteps(context: Context): Promise<RunReport[]> {
  const settings = await context.settings()
  const today = dayOf(context.clock.now(), settings.timeZone)
  await settleOpen(context, today)
  const reports: RunReport[] = []
  for (const shop of await readShops(context.db, today, settings)) {
    reports.push(...(await proposeFor(context, shop, settings, today)))
    await tellPeople(context, shop, settings, today)
  }
  return reports
}

async function proposeFor(
  context: Context,
  shop: Shop,
  settings: Settings,
  today: string,
): Promise<RunReport[]> {
  const { picked, heldBack } = await pickSteps(context, shop, settings, today)
  const reports: RunReport[] = []
  for (const kind of stepKinds) {
    const mine = picked.filter(({ step }) => step.kind === kind)
    const control = heldBack.filter(({ step }) => step.kind === kind)
    const group = { connectionId: shop.connectionId, kind, day: today, policyVersion: settings.policyVersion }
    await recordSteps(
      context.db,
      { ...group, items: control.map(({ candidate }) => candidate) },
      'held_back',
      null,
    )
    const key = `${kind}:${shop.connectionId}`
    if (mine.length === 0) {
      await context.services.withdrawProposal(key)
      if (control.length === 0) continue
    }
    const opened =
      mine.length === 0 ? null : await openProposal(context, { kind, key, shop, mine, settings, today })
    const counts = { listings: mine.length, heldBack: control.length }
    reports.push({
      connectionId: shop.connectionId,
      kind,
      ...counts,
      proposalId: opened?.id ?? null,
      applied: opened?.applied ?? false,
    })
  }
  return reports
}

/**
 * Goes through the slow listings until the caps are reached; the control group is met on the same way. What only asks
 * a person has a cap of its own.
 */
async function pickSteps(
  { db }: Context,
  shop: Shop,
  settings: Settings,
  today: string,
): Promise<{ picked: Picked[]; heldBack: Picked[] }> {
  const room = { change: roomFor(shop, settings), ask: settings.listingsPerRun }
  const picked: Picked[] = []
  const heldBack: Picked[] = []
  for await (const page of streamCandidates(db, shop.connectionId)) {
    const partners = await findPartners(
      db,
      shop.connectionId,
      page.map(({ sku }) => sku),
    )
    for (const candidate of page) {
      const climber = { ...candidate, partner: partners.get(candidate.sku) ?? null }
      const step = nextStep(climber, today, ladderOf(settings, candidate.categoryKey), settings)
      if (!step) continue
      const of = suggestions.includes(step.kind) ? 'ask' : 'change'
      if (room[of] === 0) continue
      if (isHeldBack(candidate.listingId, settings)) {
        heldBack.push({ candidate, step })
        continue
      }
      picked.push({ candidate, step })
      room[of] -= 1
    }
    if (room.ask === 0 && room.change === 0) break
  }
  return { picked, heldBack }
}

/** One problem a connection names what people were asked to work on; it is over when their time is. */
async function tellPeople(
  { db, services }: Context,
  shop: Shop,
  settings: Settings,
  today: string,
): Promise<void> {
  const key = `asked:${shop.connectionId}`
  const asked = await findAsked(db, shop.connectionId, today, settings)
  if (asked.length === 0) return services.settleProblem(key)
  const named = asked.slice(0, 5).map(({ sku, kind }) => `${sku} (${kind})`)
  await services.raiseProblem({
    key,
    connectionId: shop.connectionId,
    message: `${asked.length} slow listings want a person's work: ${named.join(', ')}${asked.length > 5 ? ', …' : ''}. What each wants stands in its proposal.`,
    holdsUp: 'nothing; the next step of the ladder comes when their time is over',
    remedy: `Better them within ${settings.waitDays} days, or let the ladder go on.`,
  })
}

type Opening = {
  kind: StepKind
  key: string
  shop: Shop
  mine: readonly Picked[]
  settings: Settings
  today: string
}

async function openProposal(
  context: Context,
  { kind, key, shop, mine, settings, today }: Opening,
): Promise<{ id: string; applied: boolean }> {
  const { db, services } = context
  const payload: StepPayload = {
    connectionId: shop.connectionId,
    day: today,
    policyVersion: settings.policyVersion,
    promoteDays: settings.promoteDays,
    items: mine.map(({ candidate, step }) => toItem(candidate, step)),
  }
  const isAsking = suggestions.includes(kind)
  const isAutomatic =
    settings.automaticKinds.includes(kind) && (isAsking || mine.length <= settings.automaticListings)
  const id = await services.propose({
    kind,
    key,
    connectionId: shop.connectionId,
    title: titleOf[kind](mine.length),
    reason: reasonOf(mine, shop, settings),
    diff: mine.map(({ candidate, step }) => toDiff(candidate, step)),
    payload,
    costCalls: isAsking ? 0 : mine.length,
    isAutomatic,
    asksOnConflict: true,
  })
  const [state] = await services.readProposals([id])
  const applied = state!.status === 'applied'
  if (!applied) await recordSteps(db, { ...payload, kind }, 'proposed', id)
  return { id, applied }
}
