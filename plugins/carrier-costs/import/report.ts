import type { RateCard } from '../rate-card.ts'

/** Where something stands. `row` counts from 1 with the header, as spreadsheets do; null is the whole file. */
export type ImportPlace = { file: string; row: number | null; column: string | null }
/** What is wrong there and what to do. */
export type ImportFault = ImportPlace & { message: string }

/** A whole card, or every fault that was found and nothing. Notes say what was taken otherwise than it stood. */
export type ImportResult =
  | { ok: true; card: RateCard; notes: readonly string[] }
  | { ok: false; faults: readonly ImportFault[] }

export function sayPlace({ file, row, column }: ImportPlace): string {
  return [file, row === null ? '' : `row ${row}`, column === null ? '' : `column ${column}`]
    .filter(Boolean)
    .join(', ')
}

/** The fault as people read it: "prices.csv, row 4, column amount: ...". */
export const describeFault = (fault: ImportFault): string => `${sayPlace(fault)}: ${fault.message}`
