import { createHash, timingSafeEqual } from 'node:crypto'

const upperMd5 = (text: string): string => createHash('md5').update(text).digest('hex').toUpperCase()

/**
 * What proves that a question is ours. @param param the question, letter by letter as it is sent.
 * @see https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc
 */
export const signQuery = (param: string, key: string, customer: string): string =>
  upperMd5(param + key + customer)

/** What proves that a push comes from Kuaidi100: it knows the salt of our subscription. */
export const signPush = (param: string, salt: string): string => upperMd5(param + salt)

/** Whether `given` is the push's signature, in constant time. Without a salt anybody could sign. */
export function isSigned(param: string, given: string, salt: string): boolean {
  if (salt === '' || !/^[0-9A-F]{32}$/.test(given)) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(signPush(param, salt)))
}
