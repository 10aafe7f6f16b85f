import { createHash } from 'node:crypto'

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** 36^13 numbers a prefix: two references will not meet. */
const bodyLength = 13

/**
 * The tracking number of a shipment's parcel: prefix, thirteen characters that follow from the shipment's
 * reference, the parcel's place in it, and a check character by ISO 7064 MOD 37,36. The same shipment always has
 * the same numbers.
 */
export function trackingNumberOf(prefix: string, reference: string, position: number): string {
  const digest = BigInt(`0x${createHash('sha256').update(`${prefix}:${reference}`).digest('hex')}`)
  const body = (digest % 36n ** BigInt(bodyLength)).toString(36).toUpperCase().padStart(bodyLength, '0')
  const place = position.toString(36).toUpperCase().padStart(2, '0')
  const number = `${prefix}${body}${place}`
  return number + checkCharacter(number)
}

/** Whether the check character fits: a number that a person mistyped does not. */
export const isTrackingNumber = (number: string): boolean =>
  /^[0-9A-Z]{17,22}$/.test(number) && checkCharacter(number.slice(0, -1)) === number.at(-1)

/** @see https://www.iso.org/standard/31531.html ISO 7064, hybrid system MOD 37,36 */
function checkCharacter(text: string): string {
  let product = 36
  for (const letter of text) {
    const sum = (product + letters.indexOf(letter)) % 36 || 36
    product = (sum * 2) % 37
  }
  return letters[(37 - product) % 36]!
}
