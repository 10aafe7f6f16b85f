import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactText } from '../../core/lib/log.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const secret = 'k3y/with+odd&signs=='

describe('redacting a text', () => {
  test.each([
    ['in plain', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['in base64', base64(secret)],
  ])('removes a secret %s, each time it occurs', (_how, form) => {
    const text = redactText(`first ${form}, again ${form}.`, [secret])
    expect(text).toBe('first [redacted], again [redacted].')
  })

  test('removes the secret from a Basic header, whatever stands before and after it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }),
        fc.string({ maxLength: 9 }),
        fc.string({ maxLength: 9 }),
        (hidden, before, after) => {
          const text = redactText(`Basic ${base64(`${before}:${hidden}:${after}`)}`, [hidden])
          expect(text).toContain('[redacted]')
          expect(Buffer.from(text.replace('Basic ', ''), 'base64').includes(hidden)).toBe(false)
        },
      ),
    )
  })

  test('removes every secret of a list', () => {
    expect(redactText('user-secret key-secret', ['user-secret', 'key-secret'])).toBe('[redacted] [redacted]')
  })

  test('of two secrets of which one holds the other, leaves no rest', () => {
    expect(redactText('key abcd-efgh', ['abcd', 'abcd-efgh'])).not.toContain('efgh')
  })

  test('leaves a text without secrets as it was', () => {
    expect(redactText('The price of SKU-7 is 12.90 EUR.', [secret])).toBe('The price of SKU-7 is 12.90 EUR.')
  })

  test('an empty secret does not tear the text apart', () => {
    expect(redactText('hello', [''])).toBe('hello')
  })
})

describe('the log of the process', () => {
  const source = fileURLToPath(new URL('../../core/lib/log.ts', import.meta.url))
  const logged = (level: string) =>
    spawnSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import { createLog } from ${JSON.stringify(source)}
       const log = createLog(${JSON.stringify(level)})
       log.debug({}, 'a detail')
       log.info({ password: 'p1-hidden', headers: { authorization: 'a1-hidden' }, a: { b: { token: 't1-hidden' } } }, 'a fact')`,
    ]).stderr.toString()

  test('writes one JSON line a fact, with the fields that hold secrets censored', () => {
    const [line] = logged('info')
      .split('\n')
      .filter((text) => text.startsWith('{'))
    const fact = JSON.parse(line!)
    expect(fact).toMatchObject({
      msg: 'a fact',
      password: '[redacted]',
      headers: { authorization: '[redacted]' },
    })
    expect(line).not.toContain('hidden')
  })

  test('leaves out what is below its level', () => {
    expect(logged('info')).not.toContain('a detail')
    expect(logged('debug')).toContain('a detail')
    expect(logged('silent')).not.toContain('a fact')
  })
})
