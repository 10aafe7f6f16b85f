import { describe, expect, test } from 'vitest'
import { digest, encodeLikeJava } from '../../../connectors/sf-express/signature.ts'
import { hasSamples, named, readVectors } from './samples.ts'

describe.skipIf(!hasSamples)(named('signatures computed from the rule of SF'), () => {
  test.each(readVectors().map((vector) => [vector.msgData, vector] as const))('%s', (_, vector) => {
    const { msgData, timestamp, checkword, urlencoded, msgDigest } = vector
    expect(encodeLikeJava(msgData + timestamp + checkword)).toBe(urlencoded)
    expect(digest(msgData, timestamp, checkword)).toBe(msgDigest)
  })
})

/** The one signature that SF itself published, with the checkword of its Java example. */
test('the example on the page about signatures (issued by the vendor)', () => {
  const message = '{"language":"zh-CN","orderId":"QIAO-20200618-004"}'
  expect(digest(message, '12312334453453', 'fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci')).toBe(
    'IIKJtuLVzoFTu4kHI8M8vA==',
  )
})
