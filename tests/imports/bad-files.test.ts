import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { makeFile, makeFolder, productProfile, readAll, removeFolders } from './support.ts'

removeFolders()

const goods = 'sku,title\nA,Apple\nB,Beet\n'
const read = (path: string) => readAll(productProfile(), path)

describe('a file that cannot be read is one clear error', () => {
  test('it is not there', async () => {
    const folder = await makeFolder()
    await expect(read(join(folder, 'goods.csv'))).rejects.toThrow(
      `There is no file or folder ${folder}/goods.csv.`,
    )
  })

  test('it is empty, plain or compressed', async () => {
    await expect(read(await makeFile(''))).rejects.toThrow('goods.csv is empty.')
    await expect(read(await makeFile(gzipSync(''), 'goods.csv.gz'))).rejects.toThrow('goods.csv is empty.')
  })

  test('columns are missing: those, and what is there instead', async () => {
    await expect(read(await makeFile('id,name,price\n1,Apple,3\n'))).rejects.toThrow(
      'goods.csv lacks the columns sku, title. It has: id, name, price.',
    )
  })

  test('two columns share a name', async () => {
    await expect(read(await makeFile('sku,title,sku\n'))).rejects.toThrow(
      'goods.csv has two columns named "sku".',
    )
  })

  test.each([
    ['504b0304', 'is a ZIP archive or an Excel workbook'],
    ['89504e470d0a1a0a', 'is a picture'],
    ['255044462d', 'is a PDF'],
    ['00010203000405', 'is binary, not a CSV text file'],
  ])('it is something else (%s)', async (hex, says) => {
    await expect(read(await makeFile(Buffer.from(`${hex}00000000`, 'hex')))).rejects.toThrow(says)
  })

  test('it is a folder, and the profile reads one file', async () => {
    await expect(read(await makeFolder({ 'goods.csv': goods }))).rejects.toThrow(
      'This profile reads one file: name the file.',
    )
  })

  test('a folder lacks files: all of them are named', async () => {
    const join = { file: 'colours.csv', key: 'sku', on: 'sku', columns: ['colour'] }
    const profile = productProfile({ file: 'goods.csv', joins: { colours: join } })
    await expect(readAll(profile, await makeFolder({ 'other.csv': '' }))).rejects.toThrow(
      /lacks goods\.csv, colours\.csv/,
    )
  })

  test('an encoding nobody knows', async () => {
    await expect(readAll(productProfile({ encoding: 'klingon' }), await makeFile(goods))).rejects.toThrow(
      '"klingon" is no encoding',
    )
  })
})

describe('a file that breaks off gives what stands before', () => {
  /** Reads until the error; returns both. */
  async function readUntilError(path: string) {
    const skus: string[] = []
    const { readRecords } = await import('../../core/imports/records.ts')
    try {
      for await (const item of readRecords(productProfile(), path))
        if ('record' in item) skus.push(item.record.sku)
    } catch (error) {
      return { skus, message: (error as Error).message }
    }
    return { skus, message: '' }
  }

  test('a quote that is never closed', async () => {
    const { skus, message } = await readUntilError(await makeFile('sku,title\nA,Apple\nB,"Beet\nC,Cress\n'))
    expect(skus).toEqual(['A'])
    expect(message).toContain(
      'goods.csv cannot be read from line 3 on: a quote that opens there is never closed.',
    )
  })

  test('a quote that swallows more than a record can be does not fill the memory', async () => {
    const rest = 'C,Cress\n'.repeat(2_500_000)
    const { skus, message } = await readUntilError(await makeFile(`sku,title\nA,Apple\nB,"Beet\n${rest}`))
    expect(skus).toEqual(['A'])
    expect(message).toContain('goods.csv cannot be read from line 3 on')
  })

  test('a quote closed by the next one costs the rows between, and reading goes on', async () => {
    const { records, refusals } = await read(
      await makeFile('sku,title\nA,Apple\nB,"Beet\nC,"Cress"\nD,Dill\n'),
    )
    expect(records.map(({ record }) => record.sku)).toEqual(['A', 'D'])
    expect(refusals).toMatchObject([
      { line: 3, reason: 'a quote is not closed, or text follows the closing quote' },
    ])
  })

  test('a gzip file that was cut off', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `S${index * 7919},Title ${index}\n`).join('')
    const whole = gzipSync(`sku,title\n${rows}`)
    const { skus, message } = await readUntilError(
      await makeFile(whole.subarray(0, whole.length / 2), 'goods.csv.gz'),
    )
    expect(skus.length).toBeGreaterThan(1000)
    expect(message).toContain('goods.csv is a damaged gzip file')
  })
})

test('gzip is recognised by content, whatever the name', async () => {
  const { records } = await read(await makeFile(gzipSync(goods), 'goods.csv'))
  expect(records).toHaveLength(2)
})

test('a quote inside an unquoted cell is part of it: 27" screens are', async () => {
  const { records } = await read(await makeFile('sku,title\nA,27" screen\nB,"27"" screen"\nC,"""Quoted"""\n'))
  expect(records.map(({ record }) => record.product?.title.en)).toEqual([
    '27" screen',
    '27" screen',
    '"Quoted"',
  ])
})
