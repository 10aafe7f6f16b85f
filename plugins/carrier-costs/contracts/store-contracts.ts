import { sql } from 'drizzle-orm'
import { ConflictError, InputError, NotFoundError, type PluginContext, type PluginDb } from 'entrepot/sdk'
import { parseDay } from '../invoices/period.ts'
import { parseInput, rows } from '../invoices/rows.ts'
import { type Contract, contract } from './contract.ts'
import { findReminders, type Reminder, sayReminder } from './reminders.ts'

export const contractTable = `
  create table carrier_costs_contracts (
    id text primary key,
    carrier text not null,
    contract jsonb not null,
    valid_from date not null,
    valid_until date,
    ended_on date,
    end_reason text,
    -- The step that was last reminded of: 90, 30, 7 or 0 days before.
    notice_stage integer,
    end_stage integer,
    changed_by text not null,
    changed_at timestamptz not null
  );
  create index carrier_costs_contracts_carrier on carrier_costs_contracts (carrier, valid_from)`

export type StoredContract = Contract & { endedOn: string | null; endReason: string | null }
type Row = {
  contract: unknown
  endedOn: string | null
  endReason: string | null
  noticeStage: number | null
  endStage: number | null
}
type Known = StoredContract & Pick<Row, 'noticeStage' | 'endStage'>

const readAll = async (db: Pick<PluginDb, 'execute'>, id: string | null = null): Promise<Known[]> => {
  const found = await rows<Row>(
    db,
    sql`
    select contract, ended_on::text as "endedOn", end_reason as "endReason", notice_stage as "noticeStage", end_stage as "endStage"
    from carrier_costs_contracts where ${id}::text is null or id = ${id}::text order by carrier, valid_from, id`,
  )
  return found.map(({ contract: stored, ...rest }) => ({ ...contract.parse(stored), ...rest }))
}

/** All contracts, with what is due. */
export async function listContracts({
  db,
  clock,
}: Pick<PluginContext, 'db' | 'clock'>): Promise<(StoredContract & { reminders: Reminder[] })[]> {
  const all = await readAll(db)
  const today = dayOf(clock.now())
  return all.map(({ noticeStage: _notice, endStage: _end, ...own }) => ({
    ...own,
    reminders: findReminders(own, all, today),
  }))
}

/** @throws NotFoundError */
export async function readContract(db: PluginDb, id: string): Promise<StoredContract> {
  const [found] = await readAll(db, id)
  if (!found) throw new NotFoundError(`There is no contract ${id}.`)
  const { noticeStage: _notice, endStage: _end, ...own } = found
  return own
}

/** Saves a contract under its id; an ended one is in force again. @throws InputError */
export async function saveContract(context: PluginContext, value: unknown, actor: string): Promise<Contract> {
  const { db, clock, services } = context
  const valid = parseInput(contract, value, 'The contract')
  const [before] = await readAll(db, valid.id)
  const { id, carrier, validFrom, validUntil } = valid
  await db.execute(sql`
    insert into carrier_costs_contracts (id, carrier, contract, valid_from, valid_until, changed_by, changed_at)
    values (${id}, ${carrier}, ${JSON.stringify(valid)}::jsonb, ${validFrom}, ${validUntil}, ${actor}, ${clock.now().toISOString()}::timestamptz)
    on conflict (id) do update set carrier = excluded.carrier, contract = excluded.contract, valid_from = excluded.valid_from,
      valid_until = excluded.valid_until, ended_on = null, end_reason = null, changed_by = excluded.changed_by, changed_at = excluded.changed_at`)
  const entry = { actor, action: 'carrier-costs.contract.saved', subject: id }
  await services.audit({ ...entry, before: before ?? null, after: valid })
  await remindOfContracts(context)
  return valid
}

export type ContractEnd = { id: string; on: string; reason: string; actor: string }

/** Records that a contract was ended, and from when. @throws NotFoundError, ConflictError, InputError */
export async function endContract(
  context: PluginContext,
  { id, on, reason, actor }: ContractEnd,
): Promise<void> {
  const { db, clock, services } = context
  const known = await readContract(db, id)
  if (parseDay(on, 'on') < known.validFrom)
    throw new InputError(`The contract ${id} begins on ${known.validFrom}: it cannot end on ${on}.`, 'on')
  const ended = await rows(
    db,
    sql`
    update carrier_costs_contracts set ended_on = ${on}::date, end_reason = ${reason}, changed_by = ${actor},
      changed_at = ${clock.now().toISOString()}::timestamptz
    where id = ${id} and ended_on is null returning id`,
  )
  if (ended.length === 0)
    throw new ConflictError(`The contract ${id} was ended already, on ${known.endedOn}.`)
  await services.audit({ actor, action: 'carrier-costs.contract.ended', subject: id, after: { on, reason } })
  await remindOfContracts(context)
}

/** Raises what is due at each step once, and settles what is over. */
export async function remindOfContracts({ db, clock, services }: PluginContext): Promise<void> {
  const all = await readAll(db)
  const today = dayOf(clock.now())
  for (const own of all) {
    const due = findReminders(own, all, today)
    for (const about of ['notice', 'end'] as const) {
      const reminder = due.find((one) => one.about === about)
      const last = about === 'notice' ? own.noticeStage : own.endStage
      const stage = reminder?.stage ?? null
      if (stage === last) continue
      const key = `contract:${own.id}:${about}`
      if (reminder)
        await services.raiseProblem({
          key,
          message: sayReminder(own, reminder),
          subject: own.carrier,
          holdsUp: `the agreed prices and terms of ${own.carrier}`,
          remedy:
            'Agree on a new contract and save it, or end this one: entrepot carrier-costs contract-save, contract-end.',
        })
      else await services.settleProblem(key)
      const column = sql.identifier(about === 'notice' ? 'notice_stage' : 'end_stage')
      await db.execute(sql`update carrier_costs_contracts set ${column} = ${stage} where id = ${own.id}`)
    }
  }
}

/** How long after an invoice each carrier lets it be disputed, by its newest contract that says so. */
export async function readDisputeDays(db: Pick<PluginDb, 'execute'>): Promise<Map<string, number>> {
  const found = await rows<{ carrier: string; days: number }>(
    db,
    sql`
    select distinct on (carrier) carrier, (contract #>> '{settlement,disputeDays}')::int as days from carrier_costs_contracts
    where contract #>> '{settlement,disputeDays}' is not null and ended_on is null order by carrier, valid_from desc, id`,
  )
  return new Map(found.map(({ carrier, days }) => [carrier, days]))
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
