import { sql } from 'drizzle-orm'
import type { PluginContext, PluginDb } from 'entrepot/sdk'
import { distinctSubjects } from './import-invoices.ts'
import { matchLines } from './match-lines.ts'
import { lockInvoices, reconcile } from './reconcile.ts'
import { rows } from './rows.ts'

const pageSize = 500
type Line = {
  carrier: string
  reference: string
  invoiceNumber: string
  lineKey: string
  invoiceDate: string
  subject: string
}

/**
 * Looks again for the shipments of lines that had none, and judges everything anew where `isEverything` (after a
 * change of settings or contracts). Returns how many lines found their shipment.
 */
export async function checkInvoices(
  context: PluginContext,
  isEverything: boolean,
): Promise<{ matched: number }> {
  let matched = 0
  let after = ''
  for (;;) {
    const subjects = await nextSubjects(context.db, after, isEverything)
    if (subjects.length === 0) return { matched }
    after = subjects.at(-1)!
    matched += await checkSubjects(context, subjects, isEverything)
  }
}

const nextSubjects = async (db: PluginDb, after: string, isEverything: boolean): Promise<string[]> => {
  const found = await rows<{ subject: string }>(
    db,
    sql`
    select distinct subject collate "C" as subject from carrier_costs_invoice_lines
    where subject collate "C" > ${after} and ${isEverything ? sql`true` : sql`shipment_id is null`}
    order by 1 limit ${pageSize}`,
  )
  return found.map(({ subject }) => subject)
}

async function checkSubjects(
  context: PluginContext,
  subjects: string[],
  isEverything: boolean,
): Promise<number> {
  const lines = await rows<Line>(
    context.db,
    sql`
    select distinct on (subject, reference) carrier, reference, invoice_number as "invoiceNumber", line_key as "lineKey",
      invoice_date::text as "invoiceDate", subject
    from carrier_costs_invoice_lines where subject = any(${sql.param(subjects)}::text[])
    order by subject, reference, invoice_date, invoice_number, line_key`,
  )
  const looked = (await matchLines(context.services, lines)).map((found, index) => ({
    ...found,
    was: lines[index]!.subject,
  }))
  const isUnknown = (subject: string) => subject.startsWith('unknown:')
  const moved = looked.filter((line) => line.subject !== line.was && isUnknown(line.was))
  await context.db.transaction(async (tx) => {
    await lockInvoices(tx)
    for (const { was, subject } of moved) {
      await tx.execute(sql`
        update carrier_costs_invoice_lines set subject = ${subject}, shipment_id = ${subject} where subject = ${was}`)
    }
    const left = moved.map(({ was }) => ({ subject: was, shipment: null }))
    const judged = isEverything ? looked.filter((line) => line.subject === line.was) : []
    await reconcile(tx, context, distinctSubjects([...left, ...moved, ...judged]))
  })
  return moved.length
}
