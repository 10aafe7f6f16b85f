import { readFile } from 'node:fs/promises'
import { PDFDocument } from '@cantoo/pdf-lib'
import { expect, test } from 'vitest'
import { bookShipment } from '../../../connectors/rate-card/book.ts'
import { settings } from '../../../connectors/rate-card/index.ts'
import { isTrackingNumber, trackingNumberOf } from '../../../connectors/rate-card/numbers.ts'

const given = settings.parse({
  carrierName: 'Kurier Klein',
  numberPrefix: 'KK',
  services: [{ code: 'day', name: 'Same day' }],
})
const address = {
  name: 'Erika Muster',
  company: null,
  email: null,
  phone: null,
  addressLines: ['Hauptstraße 1'],
  city: 'Köln',
  region: null,
  postcode: '50667',
  country: 'DE',
  isResidential: null,
}
const booking = {
  reference: 'shp_01',
  orderNumber: '1001',
  service: 'day',
  from: address,
  to: address,
  parcels: [{ weightGrams: 1530, lengthMm: null, widthMm: null, heightMm: null, items: [] }],
  shipAt: new Date('2026-03-02T09:00:00Z'),
  labelFormat: 'pdf' as const,
  declaredValue: null,
  isSignatureRequired: false,
  customs: null,
}
const labelOf = async (change: Partial<typeof booking> | object) => {
  const booked = await bookShipment(given, { ...booking, ...change })
  return Buffer.from(booked.parcels[0]!.documents[0]!.base64, 'base64')
}

test('ten thousand shipments of two parcels have twenty thousand numbers', () => {
  const numbers = new Set<string>()
  for (let n = 0; n < 10_000; n += 1)
    for (const position of [0, 1]) numbers.add(trackingNumberOf('KK', `shp_${n}`, position))
  expect(numbers.size).toBe(20_000)
})

test('one mistyped character, or two that changed places, is noticed', () => {
  const number = trackingNumberOf('KK', 'shp_01', 0)
  expect(isTrackingNumber(number)).toBe(true)
  for (let at = 0; at < number.length; at += 1) {
    const other = number[at] === '7' ? '8' : '7'
    expect(isTrackingNumber(number.slice(0, at) + other + number.slice(at + 1))).toBe(false)
  }
})

test('a PDF label is one page of four by six inches', async () => {
  const file = await PDFDocument.load(await labelOf({}))
  expect(file.getPageCount()).toBe(1)
  expect(file.getPage(0).getSize()).toEqual({ width: 288, height: 432 })
})

test('letters that a PDF label cannot show are refused, and ZPL carries them', async () => {
  const to = { ...address, name: '王小明' }
  await expect(labelOf({ to })).rejects.toMatchObject({ kind: 'rejected', issues: [{ field: 'address' }] })
  expect((await labelOf({ to, labelFormat: 'zpl' })).toString()).toContain('_e7_8e_8b')
})

test('what a buyer typed never becomes a command of the label printer', async () => {
  const to = { ...address, name: '^XZ^XA~JA' }
  const label = (await labelOf({ to, labelFormat: 'zpl' })).toString()
  expect(label.match(/\^XZ/g)).toHaveLength(1)
  expect(label).not.toContain('~JA')
})

test('the README names every label format', async () => {
  const readme = await readFile(new URL('../../../connectors/rate-card/README.md', import.meta.url), 'utf8')
  expect(readme).toMatch(/PDF.*ZPL/)
})
