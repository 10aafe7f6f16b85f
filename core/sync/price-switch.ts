import { sql } from 'drizzle-orm'
import { type Db, query } from '../db/client.ts'
import { tickCoupons } from './coupons.ts'
import type { Hub } from './hub.ts'
import { tickPromotions } from './schedule.ts'

/** A timer is never set for longer: what lies further ahead is looked at again. */
const longestMs = 3_600_000

/** When the next dated price or coupon starts or ends after an instant; null where none does. */
export async function nextSwitch(db: Db, after: Date): Promise<Date | null> {
  const at = sql`${after.toISOString()}::timestamptz`
  const [row] = await query<{ next: string | null }>(
    db,
    sql`
    select least((select min(starts_at) from promotional_prices where starts_at > ${at}),
                 (select min(ends_at) from promotional_prices where ends_at > ${at}),
                 (select min(starts_at) from coupons where state = 'waiting' and starts_at > ${at}),
                 (select min(ends_at) from coupons where state in ('waiting', 'live') and ends_at > ${at})) as next`,
  )
  return row?.next ? new Date(row.next) : null
}

type Timer = { clear(): void }
export type SetTimer = (work: () => void, ms: number) => Timer

const realTimer: SetTimer = (work, ms) => {
  const timer = setTimeout(work, ms)
  return { clear: () => clearTimeout(timer) }
}

export type PriceSwitch = {
  /** Looks anew for the next switch: after dated prices or coupons were changed. */
  look(): Promise<void>
  stop(): void
}

/**
 * Switches dated prices and coupons at their very second: sleeps until the next start or end. The sweep of each minute finds
 * what a process that died has left.
 */
export function startPriceSwitch(hub: Hub, setTimer: SetTimer = realTimer): PriceSwitch {
  let timer: Timer | null = null
  let isStopped = false
  async function look(): Promise<void> {
    const now = hub.clock.now()
    const next = await nextSwitch(hub.db, now)
    timer?.clear()
    timer = null
    if (next === null || isStopped) return
    timer = setTimer(() => void fire(), Math.min(longestMs, next.getTime() - now.getTime()))
  }
  async function fire(): Promise<void> {
    try {
      await tickPromotions(hub)
      await tickCoupons(hub)
      await look()
    } catch (error) {
      hub.log.warn({ err: error }, 'Dated prices or coupons could not be switched; the sweep tries again')
    }
  }
  return {
    look: () =>
      look().catch((error: unknown) =>
        hub.log.warn(
          { err: error },
          'The next switch of dated prices and coupons could not be read; the sweep finds it',
        ),
      ),
    stop: () => {
      isStopped = true
      timer?.clear()
    },
  }
}
