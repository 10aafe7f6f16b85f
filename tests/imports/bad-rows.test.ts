import { describe, expect, test } from 'vitest'
import { makeFile, productProfile, readAll, removeFolders } from './support.ts'

removeFolders()

const header = 'sku,title,price,currency,stock\n'
const good = 'A,Apple,1.50,EUR,3\nZ,Zucchini,2.00,EUR,0\n'

/** One bad row between two good ones: it is refused, they are not. */
async function refusalOf(row: string, changes: Record<string, unknown> = {}) {
  const file = await makeFile(`${header}A,Apple,1.50,EUR,3\n${row}\nZ,Zucchini,2.00,EUR,0\n`)
  const { records, refusals } = await readAll(productProfile(changes), file)
  expect(records.map(({ record }) => record.sku)).toEqual(['A', 'Z'])
  expect(refusals).toHaveLength(1)
  return refusals[0]!
}

describe('a bad row is refused with file, line, column and reason, and the others are read', () => {
  test.each([
    ['B,Beet,1.00,EUR,-1', 'stock', 'the stock must be 0 or more, not -1'],
    ['B,Beet,1.00,EUR,1.5', 'stock', '1.5 is no whole number'],
    ['B,Beet,1.00,EUR,99999999999', 'stock', '99999999999 is too large: at most 2000000000'],
    ['B,Beet,0,EUR,1', 'price', 'zero is no price: it must be more than zero'],
    ['B,Beet,-3.50,EUR,1', 'price', 'a negative figure is no price: it must be more than zero'],
    ['B,Beet,"19,90",EUR,1', 'price', '"19,90" is no number like 12.90; a profile may set "decimal": ","'],
    ['B,Beet,free,EUR,1', 'price', '"free" is no number like 12.90; a profile may set "decimal": ","'],
    ['B,Beet,NaN,EUR,1', 'price', '"NaN" is no number like 12.90; a profile may set "decimal": ","'],
    ['B,Beet,1.005,EUR,1', 'price', '1.005 has more decimals than EUR, which has 2'],
    ['B,Beet,1.50,JPY,1', 'price', '1.50 has more decimals than JPY, which has 0'],
    ['B,Beet,99999999999999999999,EUR,1', 'price', '99999999999999999999 is too large an amount'],
    ['B,Beet,1.00,EURO,1', 'currency', '"EURO" is no ISO 4217 currency code'],
    ['B,Beet,1.00,eur,1', 'currency', '"eur" is no ISO 4217 currency code'],
    [',Beet,1.00,EUR,1', 'sku', 'sku is empty'],
    ['B,,1.00,EUR,1', 'title', 'the title is empty'],
    ['B,Be\0et,1.00,EUR,1', 'title', 'the text holds a NUL byte, which cannot be stored'],
    [`${'B'.repeat(201)},Beet,1.00,EUR,1`, 'sku', 'the text has 201 characters; at most 200 are stored'],
    ['"B\tb",Beet,1.00,EUR,1', 'sku', 'the text holds a line break or another control character'],
    ['B,Beet,1.00', null, 'the row has 3 columns, the header 5'],
    ['B,Beet,1.00,EUR,1,extra', null, 'the row has 6 columns, the header 5'],
    ['B,"Beet"x,1.00,EUR,1', null, 'a quote is not closed, or text follows the closing quote'],
  ])('%j', async (row, column, reason) => {
    expect(await refusalOf(row)).toEqual({ file: 'goods.csv', line: 3, column, reason, raw: row })
  })

  test('a title of 10 MB', async () => {
    const refusal = await refusalOf(`B,${'x'.repeat(10 * 1024 * 1024)},1.00,EUR,1`)
    expect(refusal).toMatchObject({
      line: 3,
      column: 'title',
      reason: 'the text has 10485760 characters; at most 1000 are stored',
    })
  })

  test('the currency has no decimals of its own: zero decimals are fine', async () => {
    const { records } = await readAll(productProfile(), await makeFile(`${header}B,Beet,150.00,JPY,1\n`))
    expect(records[0]?.record.price).toEqual({ minor: 150, currency: 'JPY' })
  })
})

test('a decimal comma is read where the profile says so, and the point is refused there', async () => {
  const file = await makeFile('sku;title;price\nA;Apple;19,90\nB;Beet;19.90\n')
  const { records, refusals } = await readAll(productProfile({ delimiter: ';', decimal: ',' }), file)
  expect(records[0]?.record.price).toEqual({ minor: 1990, currency: 'EUR' })
  expect(refusals[0]).toMatchObject({ line: 3, column: 'price', reason: '"19.90" is no number like 12,90' })
})

describe('encoding', () => {
  test('bytes that are not UTF-8 cost the row that holds them, naming the column', async () => {
    const latin = Buffer.concat([
      Buffer.from(`${header}A,Caf`),
      Buffer.from([0xe9]),
      Buffer.from(`,1.50,EUR,3\n${good.slice(19)}`),
    ])
    const { records, refusals } = await readAll(productProfile(), await makeFile(latin))
    expect(records.map(({ record }) => record.sku)).toEqual(['Z'])
    expect(refusals).toMatchObject([
      { line: 2, column: 'title', reason: 'the text is not valid utf-8, which the profile expects' },
    ])
  })

  test('a profile may name another encoding', async () => {
    const bytes = Buffer.concat([
      Buffer.from('sku,title\nA,'),
      Buffer.from([0xd7, 0xd4, 0xc8, 0xbb, 0xcc, 0xc3]),
      Buffer.from('\n'),
    ])
    const { records } = await readAll(productProfile({ encoding: 'gb18030' }), await makeFile(bytes))
    expect(records[0]?.record.product?.title).toEqual({ en: '自然堂' })
  })

  test('a header in another encoding is one error for the file, saying which is expected', async () => {
    const bytes = Buffer.concat([Buffer.from([0xb6, 0xa9, 0xb5, 0xa5]), Buffer.from(',title\nA,b\n')])
    await expect(readAll(productProfile(), await makeFile(bytes))).rejects.toThrow(
      /header of goods\.csv is not valid utf-8, which the profile expects.*gb18030/,
    )
  })

  test('UTF-16 is recognised by its mark, and read where the profile names it', async () => {
    const bytes = Buffer.from('\uFEFFsku,title\nA,Äpfel\n', 'utf16le')
    const file = await makeFile(bytes)
    await expect(readAll(productProfile(), file)).rejects.toThrow(
      'goods.csv is UTF-16; the profile expects utf-8',
    )
    const { records } = await readAll(productProfile({ encoding: 'utf-16le' }), file)
    expect(records[0]?.record.product?.title).toEqual({ en: 'Äpfel' })
  })

  test('a UTF-8 mark is no part of the first column', async () => {
    const { records } = await readAll(productProfile(), await makeFile('\uFEFFsku,title\nA,Apple\n'))
    expect(records[0]?.record.sku).toBe('A')
  })
})

describe('lines are counted as an editor counts them', () => {
  test.each([['\n'], ['\r\n']])('with %j, over multi-line cells and empty lines', async (end) => {
    const rows = ['sku,title', 'A,"two', 'lines"', '', 'B,', '', '', 'C,Cress', '"D', 'd",']
    const { records, refusals } = await readAll(productProfile(), await makeFile(rows.join(end)))
    expect(records.map(({ line, record }) => [line, record.sku])).toEqual([
      [2, 'A'],
      [8, 'C'],
    ])
    expect(refusals.map(({ line, column }) => [line, column])).toEqual([
      [5, 'title'],
      [9, 'sku'],
    ])
  })
})
