import { crc32 } from 'node:zlib'
import { Transformer } from '@napi-rs/image'
import { describe, expect, test } from 'vitest'
import { measureImage } from '../../../plugins/listing-audit/images/measure-image.ts'
import { limitsOf } from '../../../plugins/listing-audit/marketplaces.ts'
import { findImageFaults } from '../../../plugins/listing-audit/rules/images.ts'
import { subjectOf } from './facts.ts'
import { draw } from './pictures.ts'

/** What the rules say of files that stand at made-up addresses. */
async function judgeFiles(files: Record<string, Buffer>, connector = 'amazon'): Promise<string[]> {
  const images = new Map(
    await Promise.all(
      Object.entries(files).map(
        async ([url, file]) => [url, { url, ...(await measureImage(file)) }] as const,
      ),
    ),
  )
  return findImageFaults(subjectOf({ images: Object.keys(files) }, { images, connector })).map(
    ({ ruleId, field }) => `${ruleId} ${field}`,
  )
}
const first = 'https://images.test/1.jpg'
const second = 'https://images.test/2.jpg'

describe('the measure of an image', () => {
  test.each(['png', 'jpeg', 'webp', 'webpLossless'] as const)('reads the size of %s', async (format) => {
    const file = await draw({ width: 640, height: 480 })[format]()
    expect(await measureImage(file)).toMatchObject({ fault: null, widthPx: 640, heightPx: 480 })
  })

  test('reads the size of a GIF, and claims to know nothing else of it', async () => {
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    expect(await measureImage(gif)).toMatchObject({
      fault: null,
      widthPx: 1,
      heightPx: 1,
      sharpness: null,
      whiteBorder: null,
      likeness: null,
    })
  })

  test('says what is wrong with a file that is no image, is damaged, or would fill the memory', async () => {
    const png = await draw({ width: 64, height: 64 }).png()
    const bomb = Buffer.from(png)
    bomb.writeUInt32BE(10_000, 16)
    bomb.writeUInt32BE(10_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    const page = Buffer.from('<html>Not found. Please come back later.</html>')
    expect(await measureImage(page)).toMatchObject({
      fault: 'it is no JPEG, PNG, GIF or WebP',
      widthPx: null,
    })
    expect(await measureImage(Buffer.alloc(0))).toMatchObject({ fault: 'it is no JPEG, PNG, GIF or WebP' })
    expect((await measureImage(png.subarray(0, png.length / 2))).fault).toContain('damaged')
    expect((await measureImage(bomb)).fault).toContain('10000 x 10000')
  })

  test('tells a sharp image from a blurred one, at whatever size', async () => {
    for (const side of [600, 1200, 2400]) {
      const file = await draw({ width: side, height: side }).jpeg()
      const blurred = await new Transformer(file).blur(side / 60).jpeg()
      const [sharp, soft] = [await measureImage(file), await measureImage(blurred)]
      expect(sharp.sharpness, `${side}`).toBeGreaterThan(40)
      expect(soft.sharpness, `${side}`).toBeLessThan(10)
    }
  })

  test('measures how much of the border is white; what is transparent lies on white', async () => {
    const clear = new Uint8Array(200 * 200 * 4)
    expect((await measureImage(await draw().jpeg())).whiteBorder).toBe(1)
    expect((await measureImage(await draw({ ground: 200 }).jpeg())).whiteBorder).toBe(0)
    expect((await measureImage(await Transformer.fromRgbaPixels(clear, 200, 200).png())).whiteBorder).toBe(1)
  })
})

describe('the rules of images', () => {
  test('find nothing in good images that differ', async () => {
    const files = { [first]: await draw().jpeg(), [second]: await draw({ left: 0.1 }).jpeg() }
    expect(await judgeFiles(files)).toEqual([])
  })

  test('find the small, the stretched, the blurred and the ground that is not white', async () => {
    const small = await draw({ width: 400, height: 400 }).jpeg()
    const long = await draw({ width: 2400, height: 300 }).jpeg()
    const blurred = await new Transformer(await draw().jpeg()).blur(20).jpeg()
    const grey = await draw({ ground: 200 }).jpeg()
    expect(await judgeFiles({ [first]: small })).toEqual(['images.small images.0'])
    expect(await judgeFiles({ [first]: long })).toEqual(['images.aspect images.0'])
    expect(await judgeFiles({ [first]: blurred })).toEqual(['images.blurred images.0'])
    expect(await judgeFiles({ [first]: grey })).toEqual(['images.background images.0'])
    // Only the main image of a marketplace that wants it.
    expect(await judgeFiles({ [first]: await draw({ left: 0.1 }).jpeg(), [second]: grey })).toEqual([])
    expect(await judgeFiles({ [first]: grey }, 'woocommerce')).toEqual([])
  })

  test('find one file at two addresses, and one picture saved twice', async () => {
    const file = await draw().jpeg(95)
    const saved = await new Transformer(file).resize(900, 900).jpeg(60)
    expect(await judgeFiles({ [first]: file, [second]: file })).toEqual(['images.same images.1'])
    expect(await judgeFiles({ [first]: file, [second]: saved })).toEqual([
      'images.small images.1',
      'images.alike images.1',
    ])
  })

  test('count, and find addresses that are none or stand twice, without any measure', () => {
    const rulesOf = (images: string[]) =>
      findImageFaults(subjectOf({ images }, { connector: 'amazon' })).map(({ ruleId }) => ruleId)
    const many = Array.from(
      { length: limitsOf('amazon').imagesMax + 1 },
      (_, n) => `https://images.test/${n}.jpg`,
    )
    expect(rulesOf([])).toEqual(['images.few'])
    expect(rulesOf(many)).toEqual(['images.many'])
    expect(rulesOf([first, first, 'cup.jpg'])).toEqual(['images.double', 'images.address'])
  })
})
