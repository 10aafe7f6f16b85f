import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { detectDelimiter, detectEncoding } from '../../core/imports/detect.ts'
import { readHeader, suggestFields, suggestKind } from '../../core/imports/suggest.ts'
import { cleanFileName } from '../../core/imports/uploads.ts'
import { isGtin } from '../../core/lib/gtin.ts'
import { workOn } from '../../core/sync/work.ts'
import { useApi } from '../api/support.ts'
import { useDatabase } from '../support/database.ts'
import { seed } from '../support/hub.ts'

const chinese = '商家编码,商品名称,价格\nCUP,白色陶瓷杯子,19.90\n'
const german = 'Artikelnummer;Bezeichnung;Preis\nCUP;Große Tasse für Käse;19,90\n'
/** As text was saved in China before UTF-8: the bytes of the words above, from a table of GB 18030. */
const toGb18030 = (text: string): Buffer => {
  const decoder = new TextDecoder('gb18030')
  const bytes = new Map<string, [number, number]>()
  for (let lead = 0xb0; lead <= 0xf7; lead += 1)
    for (let trail = 0xa1; trail <= 0xfe; trail += 1)
      bytes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail])
  return Buffer.from([...text].flatMap((letter) => bytes.get(letter) ?? [letter.charCodeAt(0)]))
}

describe('how a file is written is seen by its bytes', () => {
  test.each([
    ['utf-8', Buffer.from(chinese)],
    ['utf-8', Buffer.from(`\uFEFF${german}`)],
    // Cut off within a character, as the first part of a large file is.
    ['utf-8', Buffer.from(chinese).subarray(0, 20)],
    ['utf-16le', Buffer.from(`\uFEFF${german}`, 'utf16le')],
    ['utf-16le', Buffer.from(german, 'utf16le')],
    ['utf-16be', Buffer.from(`\uFEFF${german}`, 'utf16le').swap16()],
    ['gb18030', toGb18030(chinese)],
    ['windows-1252', Buffer.from(german, 'latin1')],
    ['utf-8', Buffer.from('sku,price\nCUP,1\n')],
  ])('as %s', (encoding, bytes) => {
    expect(detectEncoding(bytes)).toBe(encoding)
  })

  test.each([
    [',', 'sku,title\nA,"x; y; z"\n'],
    [';', 'sku;price\nA;19,90\nB;5,00\n'],
    ['\t', 'sku\ttitle\nA\tone, two; three\n'],
    ['|', 'sku|title\nA|B\n'],
    [',', 'sku\nA\n'],
  ])('parted by %j', (delimiter, text) => {
    expect(detectDelimiter(text)).toBe(delimiter)
  })

  test('what people call a file is shown without paths and control characters', () => {
    expect(cleanFileName('../../etc/passwd')).toBe('passwd')
    expect(cleanFileName('C:\\Users\\me\\goods.csv')).toBe('goods.csv')
    expect(cleanFileName('a\u0000\u202eb.csv')).toBe('ab.csv')
    expect(cleanFileName('/')).toBe('file')
  })
})

describe('what columns mean is suggested', () => {
  const best = (
    columns: Record<string, string[]>,
    kind: Parameters<typeof suggestFields>[1],
    skus: string[] = [],
  ) => {
    const sampled = Object.entries(columns).map(([name, cells]) => ({ name, cells }))
    const found = suggestFields(sampled, kind, new Set(skus))
    return Object.fromEntries(
      [...found].map(([name, [first]]) => [name, first && first.score >= 0.5 ? first.field : null]),
    )
  }

  test('by their names in English, German and Chinese', () => {
    expect(best({ 'Item No.': [], 'Product Name': [], Qty: [], 'Regular price': [] }, 'products')).toEqual({
      'Item No.': 'sku',
      'Product Name': 'title',
      Qty: 'quantity',
      'Regular price': 'price',
    })
    expect(
      best(
        { 'Artikel-Nr.': [], Bezeichnung: [], Lagerbestand: [], 'Gewicht (kg)': [], Hersteller: [] },
        'products',
      ),
    ).toEqual({
      'Artikel-Nr.': 'sku',
      Bezeichnung: 'title',
      Lagerbestand: 'quantity',
      'Gewicht (kg)': 'weight',
      Hersteller: 'brand',
    })
    expect(best({ 商家编码: [], 商品名称: [], 库存数量: [], 品牌: [] }, 'products')).toEqual({
      商家编码: 'sku',
      商品名称: 'title',
      库存数量: 'quantity',
      品牌: 'brand',
    })
    expect(readHeader('Gewicht (kg)')).toEqual({ word: 'gewicht', unit: 'kg' })
    expect(readHeader('weight_g')).toEqual({ word: 'weight', unit: 'g' })
    expect(readHeader('Lagerplatz')).toEqual({ word: 'lagerplatz', unit: null })
  })

  test('by what stands in them, where the name says nothing or the wrong thing', () => {
    const gtins = ['4006381333931', '5901234123457']
    expect(gtins.every(isGtin) && !isGtin('4006381333932')).toBe(true)
    expect(
      best({ Feld1: gtins, Feld2: ['CUP', 'MUG'], title: ['A', 'B'] }, 'products', ['CUP', 'MUG']),
    ).toMatchObject({
      Feld1: 'gtin',
      Feld2: 'sku',
      title: 'title',
    })
    expect(best({ sku: ['CUP'], ean: ['none', 'n/a'] }, 'products').ean).toBeNull()
  })

  test('no field is given to two columns', () => {
    const found = best(
      { sku: ['A'], 'Item number': ['1'], price: ['1.00'], 'Sale price': ['2.00'] },
      'prices',
    )
    const given = Object.values(found).filter((field) => field !== null)
    expect(new Set(given).size).toBe(given.length)
  })

  test('and so is the kind of file', () => {
    const kind = (...names: string[]) =>
      suggestKind(
        names.map((name) => ({ name, cells: [] })),
        new Set(),
      )
    expect(kind('sku', 'price', 'currency')).toBe('prices')
    expect(kind('sku', 'quantity')).toBe('stock')
    expect(kind('sku', 'title', 'price', 'quantity')).toBe('products')
    expect(kind('order_id', 'status', 'placed_at', 'line', 'sku', 'title', 'quantity', 'unit_price')).toBe(
      'orders',
    )
  })
})

const folder = await mkdtemp(join(tmpdir(), 'entrepot-wizard-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('an import from a browser', () => {
  const database = useDatabase()
  const api = useApi(database, { importFolder: folder })
  beforeAll(async () => {
    await seed(api().hub, [
      { sku: 'CUP', priceMinor: 1990, stock: 10 },
      { sku: 'MUG', priceMinor: 990, stock: 4 },
    ])
  })

  const send = async (body: Buffer | string, name = 'goods.csv') => {
    const response = await api().api.request(`/api/import-uploads?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: body as string,
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers of every shape.
    return { status: response.status, json: (await response.json()) as any }
  }
  const mappingOf = (upload: { kind: string; fields: unknown; decimal: string }, more: object = {}) => ({
    kind: upload.kind,
    fields: upload.fields,
    decimal: upload.decimal,
    ...more,
  })
  const preview = async (id: string, mapping: object) => {
    const { json } = await api().call('POST', `/api/import-uploads/${id}/preview`, mapping)
    await workOn(api().hub, json.id)
    return (await api().call('GET', `/api/work/${json.id}`)).json
  }
  const importFile = async (id: string, mapping: object) => {
    const started = await api().call('POST', `/api/import-uploads/${id}/import`, mapping)
    expect(started.status, started.text).toBe(202)
    await workOn(api().hub, started.json.workId)
    return (await api().call('GET', `/api/imports/${started.json.id}`)).json
  }
  const priceOf = async (sku: string) =>
    (await api().call('GET', `/api/prices/${sku}`)).json.base[0].price.minor
  const download = async (id: string) => (await api().api.request(`/api/imports/${id}/rejects.csv`)).text()

  test('shows what it would do, row by row, and changes nothing by that; then does just that', async () => {
    const sent = await send(
      Buffer.from(
        'Artikelnummer;Preis;Währung\nCUP;24,50;EUR\nMUG;9,90;EUR\nNONE;1,00;EUR\nCUP;1,00;EUR\n',
        'latin1',
      ),
    )
    expect(sent.status, JSON.stringify(sent.json)).toBe(201)
    expect(sent.json).toMatchObject({
      kind: 'prices',
      encoding: 'windows-1252',
      delimiter: ';',
      decimal: ',',
      fields: [
        { column: 'Artikelnummer', field: 'sku' },
        { column: 'Preis', field: 'price' },
        { column: 'Währung', field: 'currency' },
      ],
    })
    const shown = await preview(sent.json.id, mappingOf(sent.json))
    expect(shown.state, JSON.stringify(shown)).toBe('done')
    expect(shown.result).toMatchObject({
      counts: { rows: 4, pricesSet: 1, rejected: 2 },
      rows: [
        {
          line: 2,
          subject: 'CUP',
          outcome: 'changed',
          changes: [{ field: 'price EUR', from: 1990, to: 2450 }],
        },
        { line: 3, subject: 'MUG', outcome: 'same', changes: [] },
      ],
    })
    expect(shown.result.mapping).toMatchObject(mappingOf(sent.json))
    expect(shown.result.rejects.map(({ line }: { line: number }) => line).sort()).toEqual([4, 5])
    expect(await priceOf('CUP')).toBe(1990)
    const done = await importFile(sent.json.id, mappingOf(sent.json))
    expect(done).toMatchObject({
      state: 'done',
      counts: shown.result.counts,
      hasRejects: true,
      fileName: 'goods.csv',
    })
    expect(await priceOf('CUP')).toBe(2450)
  })

  test('remembers what the columns mean for the next file that has them, in whatever order', async () => {
    const sent = await send('Währung;preis;Artikelnummer\nEUR;9,90;MUG\n')
    expect(sent.json.saved).toMatchObject([
      { mapping: { kind: 'prices', decimal: ',' }, savedBy: 'key:tests' },
    ])
  })

  test('gives the refused rows back to be corrected, and takes them again', async () => {
    const sent = await send(
      'sku,title,price,currency,quantity\nHAT,"A hat, =blue",12.00,EUR,3\n-CAP,"A ""cap""",free,EUR,2\n',
    )
    const mapping = mappingOf(sent.json)
    expect(mapping.kind).toBe('products')
    const done = await importFile(sent.json.id, mapping)
    expect(done).toMatchObject({ counts: { created: 1, rejected: 1 } })
    const rejects = await download(done.id)
    expect(rejects).toContain('sku,title,price,currency,quantity,import reason,import line')
    expect(rejects).toContain(`'-CAP,"A ""cap""",free,EUR,2,`)
    expect(rejects).toMatch(/price: .*"free/)
    const again = await send(rejects.replace('free', '4.00'))
    expect(again.json.columns.map(({ name }: { name: string }) => name)).toEqual([
      'sku',
      'title',
      'price',
      'currency',
      'quantity',
    ])
    expect(await importFile(again.json.id, mapping)).toMatchObject({ counts: { created: 1, rejected: 0 } })
    expect((await api().call('GET', '/api/stock/-CAP')).json.levels).toMatchObject([{ onHand: 2 }])
  })

  test('reads a workbook as it reads the same table as CSV', async () => {
    const workbook = (await writeXlsxFile(
      [
        [{ value: 'SKU' }, { value: 'Quantity' }],
        [{ value: 'CUP' }, { type: Number, value: 7 }],
        [{ value: 'MUG' }, { type: Number, value: 12 }],
      ],
      // biome-ignore lint/suspicious/noExplicitAny: the library types its two forms as one.
    ).toBuffer()) as any
    const sent = await send(workbook, 'stock.xlsx')
    expect(sent.json, JSON.stringify(sent.json)).toMatchObject({
      format: 'xlsx',
      kind: 'stock',
      encoding: 'utf-8',
      delimiter: ',',
    })
    expect(await importFile(sent.json.id, mappingOf(sent.json))).toMatchObject({
      counts: { rows: 2, stockSet: 2, rejected: 0 },
    })
    expect((await api().call('GET', '/api/stock/MUG')).json.levels).toMatchObject([{ onHand: 12 }])
  })

  test('of prices or stock is taken back where nobody has changed them since', async () => {
    const prices = await send('sku,price,currency\nCUP,50.00,EUR\nMUG,60.00,EUR\n')
    const before = [await priceOf('CUP'), await priceOf('MUG')]
    const done = await importFile(prices.json.id, mappingOf(prices.json))
    await api().call('PUT', '/api/prices', {
      prices: [{ sku: 'MUG', price: { minor: 7000, currency: 'EUR' } }],
    })
    const undone = await api().call('POST', `/api/work/${done.workId}/undo`)
    expect(undone.status, undone.text).toBe(202)
    await workOn(api().hub, undone.json.id)
    const work = (await api().call('GET', `/api/work/${undone.json.id}`)).json
    expect(work).toMatchObject({ state: 'done', done: 2, failed: 1 })
    expect([await priceOf('CUP'), await priceOf('MUG')]).toEqual([before[0], 7000])
    expect((await api().api.request(`/api/work/${undone.json.id}/failures.csv`)).status).toBe(200)

    const stock = await send('sku,quantity\nCUP,100\n')
    const counted = await importFile(stock.json.id, mappingOf(stock.json))
    const level = async () => (await api().call('GET', '/api/stock/CUP')).json.levels[0].onHand
    await api().call('POST', '/api/stock/changes', {
      edits: [{ sku: 'CUP', delta: -2, reason: 'Two are broken' }],
    })
    const back = await api().call('POST', `/api/work/${counted.workId}/undo`)
    await workOn(api().hub, back.json.id)
    expect(await level()).toBe(5)
  })

  test('of what is no table, of no columns, or of columns that do not fit says so and keeps nothing', async () => {
    const files = (await readdir(join(folder, 'uploads'))).length
    for (const [body, says] of [
      ['', /empty|body/],
      [Buffer.from('%PDF-1.4 not a table'), /PDF/],
      [Buffer.from('504b0304ffffffffffff', 'hex'), /workbook/],
      ['sku,sku\nA,B\n', /two columns named/],
    ] as const) {
      const sent = await send(body as string)
      expect(sent.status, String(says)).toBe(400)
      expect(sent.json.error.message).toMatch(says)
    }
    expect((await readdir(join(folder, 'uploads'))).length).toBe(files)
    const sent = await send('sku,price\nCUP,1.00\n')
    const start = (mapping: object) =>
      api().call('POST', `/api/import-uploads/${sent.json.id}/import`, mapping)
    expect(await start({ kind: 'prices', fields: [{ column: 'sku', field: 'sku' }] })).toMatchObject({
      status: 400,
      json: { error: { field: 'fields', message: expect.stringContaining('Base price') } },
    })
    expect(await start({ kind: 'prices', fields: [{ column: 'none', field: 'sku' }] })).toMatchObject({
      status: 400,
    })
    expect(await start({ kind: 'prices', fields: [{ column: 'sku', field: 'weight' }] })).toMatchObject({
      status: 400,
    })
  })
})
