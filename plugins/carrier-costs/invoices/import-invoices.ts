import { sql } from 'drizzle-orm'
import { InputError, type PluginContext, type ShipmentFacts } from 'entrepot/sdk'
import { matchLines } from './match-lines.ts'
import type { InvoiceProfile } from './profile.ts'
import { CellFault } from './read-cells.ts'
import { openInvoiceCsv } from './read-csv.ts'
import { type BilledCharge, createLineReader, missingColumns } from './read-lines.ts'
import { lockInvoices, reconcile, type Subject } from './reconcile.ts'
import { rows } from './rows.ts'

/** Why a row is not taken. `column` is null where it is the row as a whole. */
export type RowFault = { line: number; column: string | null; reason: string }

export type InvoiceReport = {
  /** Rows read, without the header. */
  rows: number
  /** Charges that are new, were imported before, and belong to no known shipment. */
  imported: number
  repeated: number
  unknown: number
  refused: number
  /** The first thousand refused rows; `onFault` is told of every one. */
  faults: RowFault[]
}

export type InvoiceImport = {
  profile: InvoiceProfile
  /** The courier in our word, where the profile leaves it open. */
  carrier?: string | undefined
  bytes: AsyncIterable<Uint8Array>
  actor: string
  onFault?: (fault: RowFault) => void
  onProgress?: (rows: number) => void
}

const batchRows = 500
const keptFaults = 1000

/**
 * Imports a carrier's invoice file. A row that cannot be read stops no other; the same file again, or the rest of
 * one that was cut off, adds only what is not there yet. @throws InputError where the file as a whole is none.
 */
export async function importInvoices(context: PluginContext, input: InvoiceImport): Promise<InvoiceReport> {
  const { profile } = input
  const carrier = profile.carrier ?? input.carrier
  if (!carrier) throw new InputError(`Name the carrier: the profile "${profile.name}" is for any.`, 'carrier')
  const report: InvoiceReport = { rows: 0, imported: 0, repeated: 0, unknown: 0, refused: 0, faults: [] }
  const refuse = (fault: RowFault) => {
    report.refused += 1
    if (report.faults.length < keptFaults) report.faults.push(fault)
    input.onFault?.(fault)
  }
  const reason = 'A quote that opens there is never closed; what follows was not read'
  const opened = await openInvoiceCsv(input.bytes, profile, (line) => refuse({ line, column: null, reason }))
  const missing = missingColumns(profile, opened.columns)
  if (missing.length > 0)
    throw new InputError(
      `The file lacks the columns ${missing.join(', ')} of the profile "${profile.name}".`,
      'file',
    )
  const read = createLineReader(profile, opened.columns)
  let batch: BilledCharge[] = []
  const flush = async () => {
    await saveBatch(context, carrier, batch, input.actor, report, refuse)
    batch = []
    input.onProgress?.(report.rows)
  }
  for await (const { cells, line } of opened.rows) {
    report.rows += 1
    if (cells.length !== opened.columns.size) {
      const counts = `The row has ${cells.length} columns, the header ${opened.columns.size}`
      refuse({ line, column: null, reason: counts })
      continue
    }
    try {
      batch.push(...read(cells, line))
    } catch (error) {
      if (!(error instanceof CellFault)) throw error
      refuse({ line, column: error.column, reason: error.message })
    }
    if (batch.length >= batchRows) await flush()
  }
  await flush()
  await context.services.audit({
    actor: input.actor,
    action: 'carrier-costs.invoices.imported',
    subject: carrier,
    after: { profile: profile.name, ...report, faults: undefined },
  })
  return report
}

type Charge = BilledCharge & { carrier: string; subject: string; shipment: ShipmentFacts | null }

async function saveBatch(
  context: PluginContext,
  carrier: string,
  batch: readonly BilledCharge[],
  actor: string,
  report: InvoiceReport,
  refuse: (fault: RowFault) => void,
): Promise<void> {
  if (batch.length === 0) return
  const matched = await matchLines(
    context.services,
    batch.map((line) => ({ ...line, carrier })),
  )
  const outcomes = await context.db.transaction(async (tx) => {
    await lockInvoices(tx)
    const saved = await insertLines(tx, matched, actor, context.clock.now())
    const fresh = saved.filter(({ outcome }) => outcome === 'new').map(({ charge }) => charge)
    await reconcile(tx, context, distinctSubjects(fresh))
    return saved
  })
  for (const { charge, outcome } of outcomes) {
    if (outcome === 'new') report.imported += 1
    if (outcome === 'same') report.repeated += 1
    if (outcome === 'new' && !charge.shipment) report.unknown += 1
    if (outcome === 'other')
      refuse({
        line: charge.line,
        column: null,
        reason: `Line ${charge.lineKey} of invoice ${charge.invoiceNumber} is there already and says something else. A carrier corrects by a credit or another invoice`,
      })
  }
}

export const distinctSubjects = (found: readonly Subject[]): Subject[] => [
  ...new Map(found.map(({ subject, shipment }) => [subject, { subject, shipment }])).values(),
]

type Outcome = 'new' | 'same' | 'other'
const keyOf = (line: { invoiceNumber: string; lineKey: string }) =>
  JSON.stringify([line.invoiceNumber, line.lineKey])
const contentOf = (line: Pick<BilledCharge, 'reference' | 'kind' | 'code' | 'amountMinor' | 'currency'>) =>
  JSON.stringify([line.reference, line.kind, line.code, line.amountMinor, line.currency])

async function insertLines(
  tx: Pick<PluginContext['db'], 'execute'>,
  charges: readonly Charge[],
  actor: string,
  now: Date,
): Promise<{ charge: Charge; outcome: Outcome }[]> {
  const first = new Map<string, Charge>()
  for (const charge of charges) if (!first.has(keyOf(charge))) first.set(keyOf(charge), charge)
  const json = JSON.stringify(
    [...first.values()].map(({ shipment, ...line }) => ({ ...line, shipmentId: shipment?.id })),
  )
  const shape = sql`jsonb_to_recordset(${json}::jsonb) as new("carrier" text, "invoiceNumber" text, "lineKey" text, "invoiceDate" date,
      "reference" text, "subject" text, "shipmentId" text, "kind" text, "code" text, "label" text, "amountMinor" bigint, "currency" text,
      "billedWeightGrams" int, "dimensionalWeightGrams" int)`
  const inserted = await rows<{ invoiceNumber: string; lineKey: string }>(
    tx,
    sql`
    insert into carrier_costs_invoice_lines (carrier, invoice_number, line_key, invoice_date, reference, subject, shipment_id, kind, code,
      label, amount_minor, currency, billed_weight_grams, dimensional_weight_grams, imported_by, imported_at)
    select new.*, ${actor}, ${now.toISOString()}::timestamptz from ${shape}
    on conflict do nothing returning invoice_number as "invoiceNumber", line_key as "lineKey"`,
  )
  const fresh = new Set(inserted.map(keyOf))
  const stored = await rows<Omit<BilledCharge, 'amountMinor'> & { amountMinor: string }>(
    tx,
    sql`
    select old.invoice_number as "invoiceNumber", old.line_key as "lineKey", old.reference, old.kind, old.code, old.amount_minor as "amountMinor", old.currency
    from carrier_costs_invoice_lines old join ${shape} on (old.carrier, old.invoice_number, old.line_key) = (new."carrier", new."invoiceNumber", new."lineKey")`,
  )
  const contents = new Map(
    stored.map((line) => [keyOf(line), contentOf({ ...line, amountMinor: Number(line.amountMinor) })]),
  )
  return charges.map((charge) => {
    const key = keyOf(charge)
    const isSame = contents.get(key) === contentOf(charge)
    const isNew = fresh.has(key) && first.get(key) === charge
    return { charge, outcome: isNew ? 'new' : isSame ? 'same' : 'other' }
  })
}
