import { createHash } from 'node:crypto'

/** URL encoding as Java's URLEncoder does it, which is what SF signs: a space is "+", and only `*-._` stay. */
export const encodeLikeJava = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * What proves that a message is ours: base64(md5(urlencode(msgData + timestamp + checkword))).
 * @param msgData the message, letter by letter as it is sent.
 * @param timestamp milliseconds since 1970, as text.
 * @see https://open.sf-express.com/developSupport/976720?authId=1
 */
export const digest = (msgData: string, timestamp: string, checkword: string): string =>
  createHash('md5')
    .update(encodeLikeJava(msgData + timestamp + checkword))
    .digest('base64')
