import { findVariants } from '../catalog/catalog.ts'
import type { DbOrTx } from '../db/client.ts'
import { openCsv } from './csv.ts'
import { detectDateOrder, detectDecimal } from './detect.ts'
import {
  chosenOf,
  type FieldChoice,
  type SampledColumn,
  type Suggestion,
  suggestFields,
  suggestKind,
} from './suggest.ts'
import type { ImportKind } from './targets.ts'

type File = { path: string; name: string }
type Format = { encoding: string; delimiter: string }

/** Rows that are looked at to tell what columns mean, and how many of them a person is shown. */
const rowsRead = 500
const cellsShown = 5

/** The names of the columns of a file. @throws InputError when there is no header, or it cannot be read. */
export async function readColumns(file: File, format: Format): Promise<string[]> {
  const { columns, rows } = await openCsv({ ...file, bytes: 0 }, format, () => {})
  await rows.return(undefined)
  return [...columns.keys()]
}

export type Described = {
  kind: ImportKind
  columns: { name: string; samples: string[]; suggestions: Suggestion[] }[]
  /** What the columns are taken for unless a person says otherwise. */
  fields: FieldChoice[]
  decimal: '.' | ','
  dateOrder: 'ymd' | 'dmy' | 'mdy'
}

/** What a file seems to hold: by the names of its columns and by its first rows. */
export async function describeFile(
  db: DbOrTx,
  file: File,
  format: Format,
  wanted?: ImportKind,
): Promise<Described> {
  const sampled = await readSample(file, format)
  const cells = sampled.flatMap((column) => column.cells)
  const skus = await knownSkus(db, cells)
  const kind = wanted ?? suggestKind(sampled, skus)
  const suggestions = suggestFields(sampled, kind, skus)
  return {
    kind,
    columns: sampled.map(({ name, cells: all }) => ({
      name,
      samples: [...new Set(all)].slice(0, cellsShown).map((cell) => cell.slice(0, 200)),
      suggestions: (suggestions.get(name) ?? []).slice(0, 4),
    })),
    fields: chosenOf(suggestions),
    decimal: detectDecimal(cells),
    dateOrder: detectDateOrder(cells),
  }
}

async function readSample(file: File, format: Format): Promise<SampledColumn[]> {
  const { columns, rows } = await openCsv({ ...file, bytes: 0 }, format, () => {})
  const cells = new Map<string, string[]>([...columns.keys()].map((name) => [name, []]))
  let read = 0
  for await (const row of rows) {
    for (const [name, index] of columns) {
      const cell = row.cells[index]?.trim()
      if (cell) cells.get(name)!.push(cell)
    }
    read += 1
    if (read >= rowsRead) break
  }
  return [...cells].map(([name, texts]) => ({ name, cells: texts }))
}

/** No SKU is longer. */
const longestSku = 200

async function knownSkus(db: DbOrTx, cells: readonly string[]): Promise<Set<string>> {
  const asked = [...new Set(cells)].filter((cell) => cell.length <= longestSku && !cell.includes('\0'))
  return new Set((await findVariants(db, asked)).keys())
}
