import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRejects } from '../../core/imports/rejects.ts'
import { guardFormula, toCell } from '../../core/lib/csv.ts'
import { makeFolder, removeFolders } from './support.ts'

removeFolders()

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://evil")', '＝1'])(
  'a cell that begins like a formula is written as text: %j',
  (text) => {
    const [[cell]] = parse(toCell(text), { relax_column_count: true }) as [[string]]
    expect(cell).toBe(`'${text}`)
  },
)

test('property: what was refused can be read back from the rejects file word for word', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).map((raw) => raw.replaceAll('\0', ''))
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      (table) => {
        const csv = table.map((row) => [...row, 'end'].map(toCell).join(',')).join('\r\n')
        const read = parse(csv, { relax_column_count: true, record_delimiter: '\r\n' }) as string[][]
        expect(read).toEqual(table.map((row) => [...row.map(guardFormula), 'end']))
      },
    ),
    { numRuns: 500 },
  )
})

test('the file is made with the first finding, and holds where, why and the row', async () => {
  const folder = await makeFolder()
  const empty = openRejects(join(folder, 'none.csv'))
  expect(await empty.close()).toBeNull()
  const rejects = openRejects(join(folder, 'deep', 'some.csv'))
  await rejects.add({
    outcome: 'rejected',
    file: 'a.csv',
    line: 7,
    column: 'price',
    reason: 'zero, "is" no price',
    raw: '=a,b\nc',
  })
  await rejects.add({
    outcome: 'noted',
    file: 'a.csv',
    line: 9,
    column: null,
    reason: 'odd',
    raw: 'x'.repeat(50_000),
  })
  expect(await rejects.close()).toBe(join(folder, 'deep', 'some.csv'))
  const rows = parse(await readFile(join(folder, 'deep', 'some.csv')), {
    columns: true,
    bom: true,
  }) as Record<string, string>[]
  expect(rows[0]).toEqual({
    outcome: 'rejected',
    file: 'a.csv',
    line: '7',
    column: 'price',
    reason: 'zero, "is" no price',
    row: "'=a,b\nc",
  })
  expect(rows[1]?.row).toBe('x'.repeat(50_000))
})

test('a rejects file that cannot be written stops the import with the cause', async () => {
  const folder = await makeFolder({ taken: 'a file' })
  const rejects = openRejects(join(folder, 'taken', 'rejects.csv'))
  const finding = { outcome: 'rejected' as const, file: 'a', line: 1, column: null, reason: 'r', raw: '' }
  await expect(rejects.add(finding)).rejects.toThrow(/ENOTDIR|EEXIST/)
})
