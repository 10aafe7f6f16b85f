import { InputError, type PluginContext } from 'entrepot/sdk'
import { listDisputes } from '../invoices/disputes.ts'
import { agreedCost } from '../invoices/reconcile.ts'
import { type CostedShipment, streamCosts } from '../invoices/shipment-costs.ts'
import { listClaims } from './claims.ts'
import { percentile } from './percentile.ts'

export const scorecardKeys = ['carrier', 'service', 'lane'] as const
export type ScorecardKey = (typeof scorecardKeys)[number]

/** A measure with how many it rests on; null is "no data": fewer than the minimum. */
export type Measure = { value: number | null; sample: number }
export type MoneyMeasure = {
  currency: string
  shipments: number
  totalMinor: number
  perParcelMinor: number | null
  perKgMinor: number | null
  /** Of those that are both quoted and invoiced in this currency. */
  compared: number
  quotedMinor: number
  invoicedMinor: number
}
export type ScorecardRow = {
  carrier: string | null
  service: string | null
  /** `DE-FR` */
  lane: string | null
  shipments: number
  cancelled: number
  parcels: number
  costs: MoneyMeasure[]
  /** Days from hand-over to delivery. */
  medianDays: Measure
  p90Days: Measure
  /** Shares in basis points. */
  onTime: Measure
  lost: Measure
  damaged: Measure
  claims: { currency: string; made: number; madeMinor: number; paid: number; paidMinor: number }[]
  disputes: { currency: string; found: number; amountMinor: number; creditedMinor: number }[]
}

export type ScorecardWish = {
  period: { from: Date; to: Date }
  by: readonly ScorecardKey[]
  /** With fewer parcels there is no data. */
  minSample: number
}

type Group = {
  names: Pick<ScorecardRow, 'carrier' | 'service' | 'lane'>
  shipments: number
  cancelled: number
  parcels: number
  days: number[]
  promised: number
  onTime: number
  handedOver: number
  lost: number
  damaged: number
  costs: Map<string, CostSum>
  claims: Map<string, ScorecardRow['claims'][number]>
  disputes: Map<string, ScorecardRow['disputes'][number]>
}
type CostSum = Omit<MoneyMeasure, 'currency' | 'perParcelMinor' | 'perKgMinor'> & {
  parcels: number
  grams: number
}

/** How each carrier, service and lane did with the shipments booked in a period. Cancelled ones are only counted. */
export async function readScorecard(
  context: Pick<PluginContext, 'db' | 'services'>,
  { period, by, minSample }: ScorecardWish,
): Promise<ScorecardRow[]> {
  const groups = new Map<string, Group>()
  let page: CostedShipment[] = []
  for await (const costed of streamCosts(context, period)) {
    page.push(costed)
    if (page.length < 500) continue
    await addPage(context, groups, by, page)
    page = []
  }
  await addPage(context, groups, by, page)
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => toRow(group, minSample))
}

async function addPage(
  { db }: Pick<PluginContext, 'db'>,
  groups: Map<string, Group>,
  by: readonly ScorecardKey[],
  page: readonly CostedShipment[],
): Promise<void> {
  if (page.length === 0) return
  const shipmentIds = page.map(({ shipment }) => shipment.id)
  const claims = Map.groupBy(await listClaims(db, { shipmentIds }), (claim) => claim.shipmentId)
  const disputes = Map.groupBy(await listDisputes(db, { shipmentIds }), (dispute) => dispute.shipmentId)
  for (const costed of page) {
    const group = groupOf(groups, by, costed)
    addShipment(group, costed)
    for (const { currency, state, amountMinor, paidMinor } of claims.get(costed.shipment.id) ?? []) {
      if (state === 'withdrawn') continue
      const sum = take(group.claims, currency, { currency, made: 0, madeMinor: 0, paid: 0, paidMinor: 0 })
      sum.made += 1
      sum.madeMinor += amountMinor
      sum.paid += state === 'paid' ? 1 : 0
      sum.paidMinor += paidMinor
    }
    for (const { currency, amountMinor, creditedMinor } of disputes.get(costed.shipment.id) ?? []) {
      const sum = take(group.disputes, currency, { currency, found: 0, amountMinor: 0, creditedMinor: 0 })
      sum.found += 1
      sum.amountMinor += amountMinor
      sum.creditedMinor += creditedMinor
    }
  }
}

function groupOf(
  groups: Map<string, Group>,
  by: readonly ScorecardKey[],
  { shipment }: CostedShipment,
): Group {
  const { carrier, service, from, to } = shipment
  const has = (key: ScorecardKey) => by.includes(key)
  const names = {
    carrier: has('carrier') ? carrier : null,
    service: has('service') ? service : null,
    lane: has('lane') ? `${from.country}-${to.country}` : null,
  }
  const counts = {
    shipments: 0,
    cancelled: 0,
    parcels: 0,
    promised: 0,
    onTime: 0,
    handedOver: 0,
    lost: 0,
    damaged: 0,
  }
  return take(groups, JSON.stringify(Object.values(names)), {
    names,
    ...counts,
    days: [],
    costs: new Map(),
    claims: new Map(),
    disputes: new Map(),
  })
}

/** What a map holds under a key; `fresh`, from now on, where it held nothing. */
export function take<Key, Value>(map: Map<Key, Value>, key: Key, fresh: Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  map.set(key, fresh)
  return fresh
}

const dayMs = 86_400_000

function addShipment(group: Group, { shipment, costs, invoiced }: CostedShipment): void {
  const { parcels, handedOverAt, promisedAt } = shipment
  const grams = parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0)
  for (const { currency, minor } of costs) {
    const sum = costOf(group, currency)
    sum.totalMinor += minor
    sum.shipments += 1
    sum.parcels += parcels.length
    sum.grams += grams
  }
  if (shipment.isCancelled) {
    group.cancelled += 1
    return
  }
  group.shipments += 1
  group.parcels += parcels.length
  const quoted = shipment.quoted && agreedCost(shipment)
  const billed = invoiced?.find(({ currency }) => currency === quoted?.currency)
  if (quoted && billed) {
    const sum = costOf(group, quoted.currency)
    sum.compared += 1
    sum.quotedMinor += quoted.minor
    sum.invoicedMinor += billed.minor
  }
  for (const { state, incident, deliveredAt } of parcels) {
    if (handedOverAt === null && deliveredAt === null) continue
    group.handedOver += 1
    group.lost += state === 'lost' || (incident === 'lost' && state !== 'delivered') ? 1 : 0
    group.damaged += incident === 'damaged' ? 1 : 0
    if (deliveredAt === null) continue
    if (handedOverAt !== null) group.days.push((deliveredAt.getTime() - handedOverAt.getTime()) / dayMs)
    group.promised += promisedAt === null ? 0 : 1
    group.onTime += promisedAt !== null && deliveredAt <= promisedAt ? 1 : 0
  }
}

const costOf = (group: Group, currency: string): CostSum =>
  take(group.costs, currency, {
    shipments: 0,
    parcels: 0,
    grams: 0,
    totalMinor: 0,
    compared: 0,
    quotedMinor: 0,
    invoicedMinor: 0,
  })

function toRow(group: Group, minSample: number): ScorecardRow {
  const { names, shipments, cancelled, parcels, days, promised, handedOver } = group
  const measure = (sample: number, value: () => number): Measure => ({
    value: sample >= Math.max(1, minSample) ? value() : null,
    sample,
  })
  const share = (part: number, sample: number) => measure(sample, () => Math.round((part * 10_000) / sample))
  const sorted = days.sort((a, b) => a - b)
  const byCurrency = <V>(map: Map<string, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...names,
    shipments,
    cancelled,
    parcels,
    costs: byCurrency(group.costs).map(([currency, { parcels: counted, grams, ...sum }]) => ({
      currency,
      ...sum,
      perParcelMinor: counted === 0 ? null : Math.round(sum.totalMinor / counted),
      perKgMinor: grams === 0 ? null : Math.round((sum.totalMinor * 1000) / grams),
    })),
    medianDays: measure(sorted.length, () => percentile(sorted, 0.5)),
    p90Days: measure(sorted.length, () => percentile(sorted, 0.9)),
    onTime: share(group.onTime, promised),
    lost: share(group.lost, handedOver),
    damaged: share(group.damaged, handedOver),
    claims: byCurrency(group.claims).map(([, sum]) => sum),
    disputes: byCurrency(group.disputes).map(([, sum]) => sum),
  }
}

/** @throws InputError */
export function readKeys(text: string | undefined): ScorecardKey[] {
  return (text ?? scorecardKeys.join(',')).split(',').map((word) => {
    const key = scorecardKeys.find((known) => known === word.trim())
    if (!key) throw new InputError(`"${word}" is none of ${scorecardKeys.join(', ')}.`, 'by')
    return key
  })
}
