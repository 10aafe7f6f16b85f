import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { listProfiles, loadProfile, parseProfile } from '../../core/imports/profiles.ts'
import { makeFile, makeFolder, productProfile, readAll, removeFolders } from './support.ts'

removeFolders()

test('every shipped profile is valid and listed', async () => {
  const shipped = await listProfiles()
  expect(shipped.map((profile) => `${profile.id} ${profile.kind}`)).toEqual([
    'olist-orders orders',
    'olist-products products',
    'orders orders',
    'prices prices',
    'products products',
    'stock stock',
    'tmall-listings products',
    'tmall-orders orders',
  ])
})

test("a profile of one's own is named by its file", async () => {
  const file = await makeFile(JSON.stringify(productProfile({ id: 'mine' })), 'mine.json')
  expect((await loadProfile(file)).id).toBe('mine')
  await expect(loadProfile('no-such')).rejects.toThrow(
    'There is no profile "no-such". Shipped: olist-orders,',
  )
  await expect(loadProfile('/nowhere/mine.json')).rejects.toThrow(
    'The profile /nowhere/mine.json cannot be read',
  )
})

test('the example of the documentation works as it stands', async () => {
  const readme = await readFile(new URL('../../core/imports/profiles/README.md', import.meta.url), 'utf8')
  const profile = parseProfile(/```json\n([\s\S]+?)```/.exec(readme)![1]!, 'example.json')
  const articles = [
    'article_no;long_name;group;weight_kg;net_price;shelf;cellar;material',
    '7;;G1;1,5;19,90;3;4;Stahl',
  ]
  const folder = await makeFolder({
    'articles.csv': articles.join('\r\n'),
    'groups.csv': Buffer.from('group_no;group_name\r\nG1;K\xfchler\r\n', 'latin1'),
  })
  const { records, refusals } = await readAll(profile, folder)
  expect(refusals).toEqual([])
  expect(records[0]?.record).toMatchObject({
    sku: '7',
    product: {
      title: { 'de-DE': 'Kühler 7' },
      attributes: { material: 'Stahl' },
      variants: [{ weightGrams: 1500 }],
    },
    price: { minor: 1990, currency: 'EUR' },
    stock: { onHand: 7 },
  })
})

describe('what is wrong with a profile is said', () => {
  const fields = { sku: 'sku', title: 'title' }
  const base = { id: 'x', kind: 'products', name: 'X', description: 'X', fields }
  test.each([
    ['{', 'is no valid JSON'],
    [JSON.stringify({ ...base, fields: { sku: 'sku' } }), 'fields.title'],
    [JSON.stringify({ ...base, colour: 'red' }), '"colour"'],
    [JSON.stringify({ ...base, timeZone: 'Mars/Olympus' }), 'is no IANA time zone'],
    [JSON.stringify({ ...base, currency: 'EURO' }), '"EURO" is no ISO 4217 code'],
    [JSON.stringify({ ...base, kind: 'wishes' }), 'kind'],
    [
      JSON.stringify({ ...base, fields: { ...fields, weight: { from: 'w', unit: 'stone' } } }),
      'fields.weight.unit',
    ],
    [
      JSON.stringify({
        ...base,
        joins: { j: { file: 'j.csv', key: 'k', on: 'k', columns: [], keep: 'latest' } },
      }),
      '"by" belongs to',
    ],
  ])('%s', (text, says) => {
    expect(() => parseProfile(text, 'x.json')).toThrow(says)
  })
})

describe('values', () => {
  /** What a title becomes for a row with these cells. */
  async function titleOf(
    title: unknown,
    cells: Record<string, string>,
    changes: Record<string, unknown> = {},
  ) {
    const file = await makeFile(`sku,${Object.keys(cells).join(',')}\nA,${Object.values(cells).join(',')}\n`)
    const { records, refusals } = await readAll(
      productProfile({ fields: { sku: 'sku', title }, ...changes }),
      file,
    )
    return records[0]?.record.product?.title.en ?? refusals[0]?.reason
  }

  test.each([
    [{ template: '{a|words} {b|3}' }, { a: 'x_y', b: '12345' }, 'x y 123'],
    [{ template: '{a} {b}' }, { a: 'x', b: '' }, 'the title is empty'],
    [{ firstOf: ['a', 'b', { constant: 'c' }] }, { a: '', b: 'two' }, 'two'],
    [{ firstOf: ['a', { constant: 'c' }] }, { a: ' ' }, 'c'],
    [{ from: 'a', map: { x: 'ex' } }, { a: 'x' }, 'ex'],
    [{ from: 'a', map: { x: 'ex', y: 'why' } }, { a: 'z' }, '"z" is none of x, y'],
    [{ from: 'a', map: { x: 'ex' }, else: 'a' }, { a: 'z' }, 'z'],
    [{ from: 'a', map: { x: 'ex' } }, { a: 'toString' }, '"toString" is none of x'],
    [{ sum: ['a', 'b', { constant: '10' }] }, { a: '0.1', b: '0.2' }, '10.3'],
    [{ sum: ['a'] }, { a: 'ten' }, '"ten" is no number'],
    [{ latestOf: ['a', 'b'] }, { a: '2024-01-02', b: '2024-01-10' }, '2024-01-10'],
    [{ earliestOf: ['a', 'b'] }, { a: '2024-01-02', b: '' }, '2024-01-02'],
    [{ earliestOf: ['a'] }, { a: 'soon' }, '"soon" is no date or time'],
    [
      { when: [{ if: { equal: ['a', 'b'] }, use: { constant: 'same' } }], else: { constant: 'other' } },
      { a: '1.5', b: '1.50' },
      'same',
    ],
    [{ when: [{ if: { in: 'a', contains: ['p', 'q'] }, use: 'b' }] }, { a: 'xqx', b: 'yes' }, 'yes'],
    [
      {
        when: [
          { if: { empty: 'a' }, use: { constant: 'none' } },
          { if: { filled: 'b' }, use: 'b' },
        ],
      },
      { a: 'x', b: 'y' },
      'y',
    ],
    [{ firstOf: [{ optional: 'nowhere' }, 'a'] }, { a: 'x' }, 'x'],
  ])('%j of %j', async (value, cells, result) => {
    expect(await titleOf(value, cells)).toBe(result)
  })

  test('weights and lengths become grams and millimetres', async () => {
    const fields = {
      sku: 'sku',
      title: 'sku',
      weight: { from: 'kg', unit: 'kg' },
      length: { from: 'cm', unit: 'cm' },
      width: { from: 'm', unit: 'm' },
      height: { from: 'in', unit: 'in' },
    }
    const file = await makeFile(
      'sku,kg,cm,m,in\nA,1.25,30.5,0.2,1\nB,0,1,1,1\nC,-1,1,1,1\nD,0.0001,,,\nE,9999999999,1,1,1\n',
    )
    const { records, refusals } = await readAll(productProfile({ fields }), file)
    const [a, d] = records.map(({ record }) => record.product?.variants[0])
    expect(a).toMatchObject({ weightGrams: 1250, lengthMm: 305, widthMm: 200, heightMm: 25 })
    expect(d).toMatchObject({ weightGrams: 1, lengthMm: null, widthMm: null, heightMm: null })
    expect(refusals.map(({ line, column }) => [line, column])).toEqual([
      [3, 'kg'],
      [4, 'kg'],
      [6, 'kg'],
    ])
  })
})

describe('joins', () => {
  const profile = (join: Record<string, unknown>, title: unknown) =>
    productProfile({
      file: 'goods.csv',
      joins: { more: { file: 'more.csv', key: 'id', on: 'sku', columns: ['name'], ...join } },
      fields: { sku: 'sku', title },
    })

  test('one row a key; a second one is refused and names the first', async () => {
    const folder = await makeFolder({
      'goods.csv': 'sku\nA\n',
      'more.csv': 'id,name\nA,first\nA,second\n,none\nA,a,b\n',
    })
    const { records, refusals } = await readAll(profile({}, 'more.name'), folder)
    expect(records[0]?.record.product?.title.en).toBe('first')
    expect(refusals).toMatchObject([
      { file: 'more.csv', line: 3, column: 'id', reason: '"A" stands in line 2 already' },
      { file: 'more.csv', line: 4, column: 'id', reason: 'the key is empty' },
      { file: 'more.csv', line: 5, reason: 'the row has 3 columns, the header 2' },
    ])
  })

  test('the latest of several, by a date; all are counted', async () => {
    const more = 'id,name,at\nA,old,2024-01-01\nA,new,2024-03-01\nA,mid,2024-02-01\nA,bad,never\n'
    const folder = await makeFolder({ 'goods.csv': 'sku\nA\nB\n', 'more.csv': more })
    const title = { firstOf: [{ template: '{more.name}' }, { count: 'more' }] }
    const { records, refusals } = await readAll(profile({ keep: 'latest', by: 'at' }, title), folder)
    expect(records.map(({ record }) => record.product?.title.en)).toEqual(['new', '0'])
    expect(refusals).toMatchObject([{ line: 5, column: 'at' }])
  })

  test('columns that a joined file or the profile lacks are named', async () => {
    const folder = await makeFolder({ 'goods.csv': 'sku\nA\n', 'more.csv': 'key,label\nA,x\n' })
    await expect(readAll(profile({}, 'more.name'), folder)).rejects.toThrow(
      'more.csv lacks the columns id, name. It has: key, label.',
    )
    const fitting = profile({ key: 'key', columns: ['label'] }, 'more.name')
    await expect(readAll(fitting, folder)).rejects.toThrow(
      'goods.csv lacks the column more.name. It has: sku.',
    )
  })
})
