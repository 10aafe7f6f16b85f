import { and, eq, isNull, ne } from 'drizzle-orm'
import { createTask, validate } from 'node-cron'
import { markPromotionBoundaries } from '../catalog/promotions.ts'
import { connections, hubState, schedules } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { ScheduledTask } from '../sdk/connector.ts'
import { InputError } from '../sdk/errors.ts'
import { type Hub, systemAct } from './hub.ts'

const minuteMs = 60_000
/** How far back a hub that was off looks for missed ticks. */
const longestLookBackMs = 7 * 24 * 60 * minuteMs

/** @throws InputError when this is no cron line or no time zone. */
export function assertCron(cron: string, timeZone = 'UTC'): void {
  if (!validate(cron) || cron.trim().split(/\s+/).length !== 5)
    throw new InputError(`"${cron}" is no cron line, like "*/5 * * * *".`, 'cron')
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new InputError(`"${timeZone}" is no time zone, like "Europe/Berlin".`, 'timeZone')
  }
}

/** Whether the cron line had a tick in (after, until]. Many ticks count as one: a missed tick is caught up once. */
export function hasTick(cron: string, timeZone: string, after: Date, until: Date): boolean {
  const task = createTask(cron, () => {}, { timezone: timeZone })
  try {
    const from = Math.max(after.getTime(), until.getTime() - longestLookBackMs)
    for (let minute = Math.floor(from / minuteMs) + 1; minute * minuteMs <= until.getTime(); minute += 1) {
      if (task.match(new Date(minute * minuteMs))) return true
    }
    return false
  } finally {
    void task.destroy()
  }
}

/** Starts what is due. Many processes may call it: each tick is taken by one. Returns what was started. */
export async function runDueSchedules(
  hub: Hub,
  start: (task: ScheduledTask, connectionId: string) => Promise<void>,
): Promise<number> {
  const now = hub.clock.now()
  const active = await hub.db
    .select({ schedule: schedules })
    .from(schedules)
    .innerJoin(connections, eq(connections.id, schedules.connectionId))
    .where(and(eq(schedules.isEnabled, true), ne(connections.status, 'paused')))
  let started = 0
  for (const { schedule } of active) {
    const { connectionId, task, lastTickAt } = schedule
    const isDue = lastTickAt !== null && hasTick(schedule.cron, schedule.timeZone, lastTickAt, now)
    if (lastTickAt !== null && !isDue) continue
    const same = lastTickAt === null ? isNull(schedules.lastTickAt) : eq(schedules.lastTickAt, lastTickAt)
    const isTaken = await hub.db.transaction(async (tx) => {
      const taken = await tx
        .update(schedules)
        .set({ lastTickAt: now })
        .where(and(eq(schedules.connectionId, connectionId), eq(schedules.task, task), same))
        .returning({ task: schedules.task })
      // Within the transaction: a tick whose start fails is not taken.
      if (taken.length > 0 && isDue) await start(task, connectionId)
      return taken.length > 0
    })
    if (isTaken && isDue) started += 1
  }
  return started
}

const promotionTickKey = 'promotions_ticked_at'

/** Marks the prices dirty whose promotion began or ended since the last call, across restarts. */
export async function tickPromotions(hub: Hub): Promise<void> {
  const act = systemAct(hub, 'schedule')
  await transact(hub.db, async (tx) => {
    await tx
      .insert(hubState)
      .values({ key: promotionTickKey, value: act.now.toISOString() })
      .onConflictDoNothing()
    const [row] = await tx.select().from(hubState).where(eq(hubState.key, promotionTickKey)).for('update')
    await markPromotionBoundaries(tx, new Date(row!.value as string), act)
    await tx.update(hubState).set({ value: act.now.toISOString() }).where(eq(hubState.key, promotionTickKey))
  })
}
