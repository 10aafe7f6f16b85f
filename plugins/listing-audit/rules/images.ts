import { type Finding, findingOf, type RuleWord } from '../finding.ts'
import type { ImageMeasure, Subject } from '../subject.ts'

const rule = (
  ruleId: string,
  more: Pick<RuleWord, 'severity' | 'message'> & { basis?: string },
): RuleWord => ({
  ruleId,
  category: 'images',
  effect: 'none',
  basis: 'Buyers judge goods by their images',
  ...more,
})

export const imageRules = {
  few: rule('images.few', { severity: 'error', message: 'It has too few images.' }),
  many: rule('images.many', {
    severity: 'warning',
    message: 'It has more images than the marketplace shows.',
  }),
  address: rule('images.address', { severity: 'error', message: 'This is no address of an image.' }),
  double: rule('images.double', { severity: 'warning', message: 'The image stands twice in the list.' }),
  unreadable: rule('images.unreadable', { severity: 'error', message: 'The image cannot be read.' }),
  small: rule('images.small', { severity: 'warning', message: 'The image is too small to be zoomed.' }),
  aspect: rule('images.aspect', { severity: 'warning', message: 'The image is far from square.' }),
  blurred: rule('images.blurred', { severity: 'warning', message: 'The image is blurred or nearly empty.' }),
  background: rule('images.background', {
    severity: 'warning',
    message: 'The first image has no blank white background.',
    basis: 'Published rule of the marketplace for main images',
  }),
  same: rule('images.same', { severity: 'warning', message: 'Two addresses show the same file.' }),
  alike: rule('images.alike', { severity: 'info', message: 'Two images look much the same.' }),
}

/** Variance of the Laplacian below which an image of goods looks blurred; of a greyscale copy of at most 512 pixels. */
const leastSharpness = 20
/** Of 64 bits: the same picture, saved or cut a little differently. */
const mostBitsApart = 3
/** Of the border of a main image, so much has to be white. */
const leastWhite = 0.9

/** Faults of the images: of their list always, of the images themselves where they were measured. */
export function findImageFaults({ facts: { content }, limits, images }: Subject): Finding[] {
  const urls = content.images
  const found: Finding[] = []
  if (urls.length < limits.imagesMin)
    found.push(
      findingOf(imageRules.few, 'images', {
        message: `It has ${urls.length} images; at least ${limits.imagesMin} are needed.`,
      }),
    )
  if (urls.length > limits.imagesMax)
    found.push(
      findingOf(imageRules.many, 'images', {
        message: `It has ${urls.length} images; ${limits.imagesMax} are shown.`,
      }),
    )
  const seen: ImageMeasure[] = []
  for (const [index, url] of urls.entries()) {
    const field = `images.${index}`
    if (!isImageAddress(url)) found.push(findingOf(imageRules.address, field, { excerpt: url }))
    if (urls.indexOf(url) < index) {
      found.push(findingOf(imageRules.double, field, { excerpt: url }))
      continue
    }
    const measure = images.get(url)
    if (!measure) continue
    found.push(...judgeImage(measure, field, index === 0 && limits.needsWhiteBackground, limits))
    found.push(...findTwin(measure, seen, field))
    seen.push(measure)
  }
  return found
}

/** The first image before it that is the same file, or else looks much the same. */
function findTwin(measure: ImageMeasure, before: readonly ImageMeasure[], field: string): Finding[] {
  const { url: excerpt, digest, likeness } = measure
  if (digest === null) return []
  const same = before.find((other) => other.digest === digest)
  if (same)
    return [findingOf(imageRules.same, field, { excerpt, message: `It is the same file as ${same.url}.` })]
  const alike = before.find(
    (other) =>
      likeness !== null && other.likeness !== null && bitsApart(likeness, other.likeness) <= mostBitsApart,
  )
  if (!alike) return []
  return [findingOf(imageRules.alike, field, { excerpt, message: `It looks much the same as ${alike.url}.` })]
}

function bitsApart(a: string, b: string): number {
  let different = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let count = 0
  for (; different > 0n; different >>= 1n) count += Number(different & 1n)
  return count
}

function judgeImage(
  measure: ImageMeasure,
  field: string,
  needsWhite: boolean,
  limits: Subject['limits'],
): Finding[] {
  const { url, fault, widthPx, heightPx, sharpness, whiteBorder } = measure
  if (fault !== null || widthPx === null || heightPx === null)
    return [
      findingOf(imageRules.unreadable, field, {
        excerpt: url,
        message: `The image cannot be read: ${fault}.`,
      }),
    ]
  const [least, most] = [Math.min(widthPx, heightPx), Math.max(widthPx, heightPx)]
  const found: Finding[] = []
  const add = (rule: RuleWord, message: string) =>
    found.push(findingOf(rule, field, { excerpt: url, message }))
  if (most < limits.imageSideMin)
    add(
      imageRules.small,
      `The image measures ${widthPx} x ${heightPx}; its longer side should have ${limits.imageSideMin} pixels.`,
    )
  if (most / least > limits.imageAspectMax)
    add(
      imageRules.aspect,
      `The image measures ${widthPx} x ${heightPx}: one side is more than ${limits.imageAspectMax} times the other.`,
    )
  if (sharpness !== null && sharpness < leastSharpness)
    add(
      imageRules.blurred,
      `Its edges vary by ${sharpness.toFixed(1)} (variance of the Laplacian); those of sharp images by ${leastSharpness} or more.`,
    )
  if (needsWhite && whiteBorder !== null && whiteBorder < leastWhite)
    add(
      imageRules.background,
      `${Math.round(whiteBorder * 100)} % of its border is white; ${leastWhite * 100} % should be.`,
    )
  return found
}

const isImageAddress = (url: string): boolean => {
  const parsed = URL.parse(url)
  return parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:')
}
