import { expect, test } from 'vitest'
import { readAhead } from '../../../plugins/listing-audit/read-ahead.ts'

async function* pages(fail = false) {
  yield 1
  yield 2
  if (fail) throw new Error('The database went away.')
  yield 3
}

test('pages come in order and none is lost', async () => {
  const read: number[] = []
  for await (const page of readAhead(pages())) read.push(page)
  expect(read).toEqual([1, 2, 3])
})

test('a page that fails fails whoever reads it, also while another is worked on', async () => {
  const read: number[] = []
  const reading = (async () => {
    for await (const page of readAhead(pages(true))) {
      read.push(page)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  await expect(reading).rejects.toThrow('went away')
  expect(read).toEqual([1, 2])
})

test('whoever stops early closes the source', async () => {
  let isClosed = false
  async function* source() {
    try {
      yield 1
      yield 2
    } finally {
      isClosed = true
    }
  }
  for await (const _page of readAhead(source())) break
  expect(isClosed).toBe(true)
})
