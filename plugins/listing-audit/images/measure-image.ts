import { createHash } from 'node:crypto'
import { ResizeFilterType, ResizeFit, Transformer } from '@napi-rs/image'
import type { ImageMeasure } from '../subject.ts'
import { readImageSize } from './image-size.ts'

/** An image of more is not decoded: 40 megapixels take 160 MB of memory. */
const maxPixels = 40_000_000
/** Longer side of the copy that is looked at, so that the size of a file does not count as sharpness. */
const copySidePx = 512
/** From it on, of 255, a pixel counts as white: JPEG is seldom exact. */
const white = 245
/** So much of each side is border. */
const borderShare = 0.03

type Measured = Omit<ImageMeasure, 'url'>
/** Width and height in pixels; one byte a pixel, 0 is black. */
type Grey = { width: number; height: number; pixels: Uint8Array }

/** Measures an image file. One that cannot be read has a fault and nothing else. */
export async function measureImage(file: Buffer): Promise<Measured> {
  const size = readImageSize(file)
  if (size === null) return faulty('it is no JPEG, PNG, GIF or WebP')
  const { widthPx, heightPx, canDecode } = size
  if (widthPx * heightPx > maxPixels)
    return faulty(`it has ${widthPx} x ${heightPx} pixels, more than ${maxPixels / 1_000_000} million in all`)
  const digest = createHash('sha256').update(file).digest('hex')
  if (!canDecode) return { ...faulty(null), widthPx, heightPx, digest }
  const scale = Math.min(1, copySidePx / Math.max(widthPx, heightPx))
  const width = Math.max(1, Math.round(widthPx * scale))
  const height = Math.max(1, Math.round(heightPx * scale))
  const copy = await shrink(file, width, height)
  if (copy instanceof Error) return faulty(`the file is damaged: ${copy.message.slice(0, 200)}`)
  const tiny = await Transformer.fromRgbaPixels(copy, width, height)
    .resize({ width: 9, height: 8, fit: ResizeFit.Fill, filter: ResizeFilterType.Triangle })
    .rawPixels()
  return {
    fault: null,
    widthPx,
    heightPx,
    sharpness: sharpnessOf(greyOf(copy, width, height)),
    whiteBorder: whiteBorderOf(copy, width, height),
    digest,
    likeness: likenessOf(greyOf(tiny, 9, 8)),
  }
}

/** What is known of an image that was not looked at, and why it could not be read. */
export const faulty = (fault: string | null): Measured => ({
  fault,
  widthPx: null,
  heightPx: null,
  sharpness: null,
  whiteBorder: null,
  digest: null,
  likeness: null,
})

/** A copy on white as RGBA, whatever the file's depth and transparency; the decoder's error where it is damaged. */
async function shrink(file: Buffer, width: number, height: number): Promise<Buffer | Error> {
  const small = await new Transformer(file)
    .resize({ width, height, fit: ResizeFit.Fill, filter: ResizeFilterType.Triangle })
    .png()
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (small instanceof Error) return small
  const ground = new Uint8Array(width * height * 4).fill(255)
  return Transformer.fromRgbaPixels(ground, width, height).overlay(small, 0, 0).rawPixels()
}

/** Rec. 601 luma, as photographs are judged by. */
function greyOf(rgba: Uint8Array, width: number, height: number): Grey {
  const pixels = new Uint8Array(width * height)
  for (let at = 0; at < pixels.length; at += 1)
    pixels[at] = 0.299 * rgba[at * 4]! + 0.587 * rgba[at * 4 + 1]! + 0.114 * rgba[at * 4 + 2]! + 0.5
  return { width, height, pixels }
}

/** Variance of the Laplacian: edges of a sharp image jump, those of a blurred one slope. Null below 3 x 3 pixels. */
function sharpnessOf({ width, height, pixels }: Grey): number | null {
  if (width < 3 || height < 3) return null
  let sum = 0
  let squares = 0
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x
      const around = pixels[at - 1]! + pixels[at + 1]! + pixels[at - width]! + pixels[at + width]!
      const edge = around - 4 * pixels[at]!
      sum += edge
      squares += edge * edge
    }
  const count = (width - 2) * (height - 2)
  return squares / count - (sum / count) ** 2
}

/** Share of white pixels along the four sides. */
function whiteBorderOf(rgba: Uint8Array, width: number, height: number): number {
  const depth = Math.max(1, Math.round(Math.min(width, height) * borderShare))
  let count = 0
  let whites = 0
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      if (x >= depth && x < width - depth && y >= depth && y < height - depth) continue
      const at = (y * width + x) * 4
      count += 1
      if (rgba[at]! >= white && rgba[at + 1]! >= white && rgba[at + 2]! >= white) whites += 1
    }
  return whites / count
}

/** A bit a pair of neighbours on a copy of 9 x 8: is the left one brighter? https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html */
function likenessOf({ width, height, pixels }: Grey): string | null {
  if (Math.max(...pixels) - Math.min(...pixels) < 8) return null
  let bits = 0n
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width - 1; x += 1)
      bits = (bits << 1n) | (pixels[y * width + x]! > pixels[y * width + x + 1]! ? 1n : 0n)
  return bits.toString(16).padStart(16, '0')
}
