import { sql } from 'drizzle-orm'
import type { PluginContext, ShipmentFacts } from 'entrepot/sdk'
import { readDisputeDays } from '../contracts/store-contracts.ts'
import { convertByRates } from '../exchange/convert.ts'
import { applyCredits, type Credited } from './credits.ts'
import { type BilledLine, type Expected, findDifferences, mainCurrency } from './differences.ts'
import { rows } from './rows.ts'
import { readSettings } from './settings.ts'

export type Subject = { subject: string; shipment: ShipmentFacts | null }
type Executor = Pick<PluginContext['db'], 'execute'>

/** Held while differences are written, so that two imports do not judge one shipment at once. */
export const lockInvoices = (tx: Executor) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtext('carrier_costs_invoices'))`)

/**
 * Judges subjects anew by all that was ever billed for them. Whatever is judged twice comes out the same.
 * What a person decided stays; an open difference that is none any more goes.
 */
export async function reconcile(
  tx: Executor,
  context: PluginContext,
  subjects: readonly Subject[],
): Promise<void> {
  if (subjects.length === 0) return
  const ids = subjects.map(({ subject }) => subject)
  const lines = Map.groupBy(await readLines(tx, ids), ({ subject }) => subject)
  const { toleranceMinor, disputeDays } = await readSettings(tx)
  const agreedDays = await readDisputeDays(tx)
  const found: object[] = []
  for (const { subject, shipment } of subjects) {
    const billed = lines.get(subject) ?? []
    const expected = await expect(context, shipment, billed)
    const differences = findDifferences(billed, shipment, expected, toleranceMinor)
    for (const difference of applyCredits(differences, billed).differences) {
      const { carrier, reference } =
        billed.find(({ invoiceNumber }) => invoiceNumber === difference.invoiceNumber) ?? billed[0]!
      const days = agreedDays.get(carrier) ?? disputeDays
      found.push({
        ...toRow(difference),
        subject,
        shipment_id: shipment?.id ?? null,
        carrier,
        reference,
        days,
      })
    }
  }
  await write(tx, ids, found, toleranceMinor, context.clock.now())
}

const toRow = ({ key, cause, code, reason, currency, ...rest }: Credited) => ({
  key,
  cause,
  code,
  reason,
  currency,
  invoice_number: rest.invoiceNumber,
  invoice_date: rest.invoiceDate,
  amount_minor: rest.amountMinor,
  credited_minor: rest.creditedMinor,
})

async function write(
  tx: Executor,
  ids: readonly string[],
  found: readonly object[],
  toleranceMinor: number,
  now: Date,
): Promise<void> {
  const json = JSON.stringify(found)
  await tx.execute(sql`
    delete from carrier_costs_differences old where subject = any(${sql.param([...ids])}::text[]) and decided = 'open'
      and not exists (select 1 from jsonb_to_recordset(${json}::jsonb) as found(subject text, key text)
        where found.subject = old.subject and found.key = old.key)`)
  await tx.execute(sql`
    insert into carrier_costs_differences as old (subject, key, shipment_id, carrier, reference, cause, code, invoice_number,
      invoice_date, amount_minor, credited_minor, currency, reason, deadline, state, found_at, changed_at)
    select subject, key, shipment_id, carrier, reference, cause, code, invoice_number, invoice_date, amount_minor, credited_minor,
      currency, reason, invoice_date + days, ${stateOf(sql`'open'`, toleranceMinor)}, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${json}::jsonb) as found(subject text, key text, shipment_id text, carrier text, reference text, cause text,
      code text, invoice_number text, invoice_date date, amount_minor bigint, credited_minor bigint, currency text, reason text, days int)
    on conflict (subject, key) do update set cause = excluded.cause, code = excluded.code, invoice_number = excluded.invoice_number,
      invoice_date = excluded.invoice_date, amount_minor = excluded.amount_minor, credited_minor = excluded.credited_minor,
      reason = excluded.reason, deadline = excluded.deadline, changed_at = excluded.changed_at,
      state = case when excluded.state in ('credited', 'in_our_favour') then excluded.state else old.decided end
    where (old.cause, old.code, old.invoice_number, old.amount_minor, old.credited_minor, old.reason, old.deadline)
      is distinct from (excluded.cause, excluded.code, excluded.invoice_number, excluded.amount_minor, excluded.credited_minor, excluded.reason, excluded.deadline)
      or (old.state = 'credited') <> (excluded.state = 'credited')`)
}

const stateOf = (decided: ReturnType<typeof sql>, toleranceMinor: number) => sql`
  case when amount_minor < 0 then 'in_our_favour'
    when credited_minor > 0 and credited_minor + ${toleranceMinor}::bigint >= amount_minor then 'credited' else ${decided} end`

type StoredLine = BilledLine & { subject: string; shipmentId: string | null }

async function readLines(tx: Executor, ids: readonly string[]): Promise<StoredLine[]> {
  const found = await rows<Omit<StoredLine, 'amountMinor'> & { amountMinor: string }>(
    tx,
    sql`
    select subject, shipment_id as "shipmentId", carrier, invoice_number as "invoiceNumber", line_key as "lineKey",
      invoice_date::text as "invoiceDate", reference, kind, code, label, amount_minor as "amountMinor", currency,
      billed_weight_grams as "billedWeightGrams", dimensional_weight_grams as "dimensionalWeightGrams"
    from carrier_costs_invoice_lines where subject = any(${sql.param([...ids])}::text[])`,
  )
  return found.map((row) => ({ ...row, amountMinor: Number(row.amountMinor) }))
}

/** What the shipment should cost in the currency it was billed in, by the rate of its booking. */
async function expect(
  context: PluginContext,
  shipment: ShipmentFacts | null,
  billed: readonly BilledLine[],
): Promise<Expected> {
  const currency = mainCurrency(billed)
  if (!shipment || currency === null) return { unknown: 'There is nothing to compare.' }
  const agreed = agreedCost(shipment)
  if (!agreed) return { unknown: `No price of ${shipment.id} is known, quoted or booked.` }
  const day = shipment.bookedAt.toISOString().slice(0, 10)
  const minor = await convertByRates(context.db)(agreed.minor, agreed.currency, currency, day)
  if (minor === null)
    return {
      unknown: `It is billed in ${currency} and was agreed in ${agreed.currency}; nothing converts that.`,
    }
  return { minor, isQuote: agreed.basis === 'quoted' }
}

/** The quoted cost without tax, or else the booked one as the courier said it. */
export function agreedCost({
  quoted,
  booked,
}: ShipmentFacts): { minor: number; currency: string; basis: 'quoted' | 'booked' } | null {
  if (quoted)
    return { minor: quoted.totalMinor - taxOf(quoted.charges), currency: quoted.currency, basis: 'quoted' }
  return booked && { minor: booked.totalMinor, currency: booked.currency, basis: 'booked' }
}

export const taxOf = (charges: readonly { kind: string; amountMinor: number }[]): number =>
  charges.filter(({ kind }) => kind === 'tax').reduce((sum, { amountMinor }) => sum + amountMinor, 0)
