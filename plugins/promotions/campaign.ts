import { InputError, isCurrency } from 'entrepot/sdk'
import { z } from 'zod'
import { isTimeZone, toInstant } from './local-time.ts'

const currency = z.string().refine(isCurrency, 'is no ISO 4217 currency code such as EUR')
const money = z.object({ minor: z.int().min(1), currency })
const timeZone = z.string().refine(isTimeZone, 'is no time zone such as Europe/Berlin')
const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, 'is no local time such as 2026-03-29T00:00')
const share = z.int().min(1).max(9999)

const code = {
  code: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$/, 'has 2 to 40 letters, digits, hyphens and underscores'),
  basisPoints: share,
  /** How many orders may use it in all; null: any number. */
  usageLimit: z.int().min(1).nullable().default(null),
}

const kind = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('percentage'),
    /** Taken off the regular price. */
    basisPoints: share,
    /** Rounded up to a multiple of this, then lessened by `minusMinor`: 100 and 1 make 12.34 to 12.99. */
    roundToMinor: z.int().min(1).default(1),
    minusMinor: z.int().min(0).default(0),
  }),
  z.object({
    kind: z.literal('fixed-price'),
    /** One a SKU, or one without SKU for all the others in its currency. */
    prices: z.array(z.object({ sku: z.string().min(1).nullable().default(null), price: money })).min(1),
  }),
  /** A code that buyers enter, for a basket of at least so much. */
  z.object({ kind: z.literal('threshold'), least: money, ...code }),
  /** Bundles of the hub that are made of exactly these SKUs: taken off what the parts cost singly. */
  z.object({ kind: z.literal('bundle'), skus: z.array(z.string().min(1)).min(1), basisPoints: share }),
  /** A code that buyers enter. */
  z.object({ kind: z.literal('coupon'), ...code }),
])
export type CampaignKind = z.output<typeof kind>
export type CouponKind = CampaignKind & { kind: 'coupon' | 'threshold' }

/** Whether it is a code that buyers enter, and not a dated price. */
export const isCoupon = (kind: CampaignKind): kind is CouponKind =>
  kind.kind === 'coupon' || kind.kind === 'threshold'

const scope = z.object({
  categoryKeys: z.array(z.string()).default([]),
  skus: z.array(z.string()).default([]),
  brands: z.array(z.string()).default([]),
  excludedSkus: z.array(z.string()).default([]),
  /** Regular price, in the listing's currency. */
  priceFrom: money.nullable().default(null),
  priceTo: money.nullable().default(null),
  stockAtLeast: z.int().min(0).default(0),
})

const stopRules = z.object({
  /** Stops by itself; otherwise it proposes to. */
  isAutomatic: z.boolean().default(false),
  /** Ends the price of goods of which fewer units are free to sell. */
  stockBelow: z.int().min(1).nullable().default(null),
  /** Ends the price of goods whose margin, as a share of the price, is less. */
  marginBelowBasisPoints: z.int().min(-10_000).max(9999).nullable().default(null),
  /** Ends all of it once the discounts given reach the budget. */
  isBudgetKept: z.boolean().default(true),
  /** Ends all of it when after so many hours less than this share of the plan was sold. */
  salesUnderPlan: z
    .object({ afterHours: z.int().min(1), shareBasisPoints: z.int().min(1).max(10_000) })
    .nullable()
    .default(null),
})

/** What a person plans. Times are local in `timeZone`. */
export const campaignInput = z.object({
  title: z.string().trim().min(1).max(200),
  goal: z.string().trim().max(2000).default(''),
  owner: z.string().trim().min(1).max(200),
  /** Ids of connections; `all` for every marketplace at the time of the proposal. */
  connections: z.union([z.literal('all'), z.array(z.string()).min(1)]).default('all'),
  timeZone: timeZone.default('UTC'),
  /** Connections whose platform keeps another time zone: it begins and ends there by their clocks. */
  timeZones: z.record(z.string(), timeZone).default({}),
  startsAt: localTime,
  endsAt: localTime,
  kind,
  scope: scope.default(scope.parse({})),
  budget: money.nullable().default(null),
  /** Where dated prices overlap the highest wins, then the lowest price. */
  priority: z.int().min(0).max(1_000_000).default(0),
  /** What it is expected to sell more than usual: 5000 is half as much again. */
  expectedUpliftBasisPoints: z.int().min(0).max(1_000_000).default(0),
  /** Share of the expected units that is held back from connections that do not take part. */
  setAsideBasisPoints: z.int().min(0).max(10_000).default(0),
  /** What happens to goods whose price would be below the floor. */
  belowFloor: z.enum(['block', 'leave-out', 'raise-to-floor']).default('block'),
  stopRules: stopRules.default(stopRules.parse({})),
})
export type CampaignInput = z.output<typeof campaignInput>

/** `approved` until it is over; whether it waits, runs or has ended follows from the time. */
export const campaignStatuses = ['draft', 'proposed', 'approved', 'stopped'] as const
export type CampaignStatus = (typeof campaignStatuses)[number]

export type Campaign = CampaignInput & {
  id: string
  revision: number
  status: CampaignStatus
  /** The first start and the last end over all its time zones. */
  startsOn: Date
  endsOn: Date
  proposalId: string | null
  planFingerprint: string | null
  approvedAt: Date | null
  stoppedAt: Date | null
  lessons: string
}

export type Period = { startsAt: Date; endsAt: Date; timeZone: string; isAmbiguous: boolean }

/** When it holds on a connection. @throws InputError for a time that the clocks skip, or an end before the start */
export function periodOn(campaign: CampaignInput, connectionId: string): Period {
  return periodIn(campaign, campaign.timeZones[connectionId] ?? campaign.timeZone)
}

function periodIn(campaign: CampaignInput, zone: string): Period {
  const start = toInstant(campaign.startsAt, zone, 'startsAt')
  const end = toInstant(campaign.endsAt, zone, 'endsAt')
  if (end.at <= start.at) throw new InputError('A campaign must end after it starts.', 'endsAt')
  return {
    startsAt: start.at,
    endsAt: end.at,
    timeZone: zone,
    isAmbiguous: start.isAmbiguous || end.isAmbiguous,
  }
}

/** The first start and the last end over all its time zones. */
export function wholePeriod(campaign: CampaignInput): { startsOn: Date; endsOn: Date } {
  const periods = [campaign.timeZone, ...Object.values(campaign.timeZones)].map((zone) =>
    periodIn(campaign, zone),
  )
  return {
    startsOn: new Date(Math.min(...periods.map(({ startsAt }) => startsAt.getTime()))),
    endsOn: new Date(Math.max(...periods.map(({ endsAt }) => endsAt.getTime()))),
  }
}

/** `rejected`: its proposal was refused or could not be applied; it may be changed and proposed again. */
export type CampaignPhase = 'draft' | 'proposed' | 'rejected' | 'scheduled' | 'running' | 'ended' | 'stopped'

/** Where it stands now. */
export function phaseOf(
  { status, startsOn, endsOn }: Pick<Campaign, 'status' | 'startsOn' | 'endsOn'>,
  now: Date,
): CampaignPhase {
  if (status !== 'approved') return status
  return now < startsOn ? 'scheduled' : now < endsOn ? 'running' : 'ended'
}
