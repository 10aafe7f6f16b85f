import { memoryTokens } from 'entrepot/sdk/testing'
import { expect, test } from 'vitest'
import { manualClock } from '../../core/lib/clock.ts'

function issuer(clock = manualClock('2026-03-02T09:00:00Z')) {
  let issued = 0
  const refresh = async () => ({
    value: `token-${++issued}`,
    expiresAt: new Date(clock.now().getTime() + 3_600_000),
  })
  return { clock, tokens: memoryTokens(clock), refresh, issued: () => issued }
}

test('a token is kept until it expires', async () => {
  const { clock, tokens, refresh } = issuer()
  expect(await tokens.get('access', refresh)).toBe('token-1')
  clock.advance(3_599_999)
  expect(await tokens.get('access', refresh)).toBe('token-1')
  clock.advance(1)
  expect(await tokens.get('access', refresh)).toBe('token-2')
})

test('many who ask at once cause one refresh', async () => {
  const { tokens, refresh, issued } = issuer()
  const values = await Promise.all(Array.from({ length: 20 }, () => tokens.get('access', refresh)))
  expect(new Set(values)).toEqual(new Set(['token-1']))
  expect(issued()).toBe(1)
})

test('whoever asks in the very moment a refresh ends causes no second one', async () => {
  for (let turns = 0; turns < 12; turns++) {
    const { tokens } = issuer()
    const burnt = () => Promise.reject(new Error('The refresh token was used twice.'))
    let latecomer: Promise<string> = Promise.resolve('')
    const refresh = async () => {
      // Asks again after this many turns of the microtask queue, around the end of the refresh.
      let later = Promise.resolve()
      for (let turn = 0; turn < turns; turn++) later = later.then(() => {})
      latecomer = later.then(() => tokens.get('access', burnt))
      return { value: 'token-once', expiresAt: new Date('2026-03-02T10:00:00Z') }
    }
    expect(await tokens.get('access', refresh)).toBe('token-once')
    expect(await latecomer).toBe('token-once')
  }
})

test('a refresh that fails is tried again by the next who asks', async () => {
  const { tokens, refresh } = issuer()
  await expect(tokens.get('access', () => Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(await tokens.get('access', refresh)).toBe('token-1')
})

test('only the token that was refused is dropped, not a newer one', async () => {
  const { tokens, refresh } = issuer()
  await tokens.get('access', refresh)
  await tokens.drop('access', 'token-0')
  expect(await tokens.get('access', refresh)).toBe('token-1')
  await tokens.drop('access', 'token-1')
  expect(await tokens.get('access', refresh)).toBe('token-2')
})

test('tokens of different names are kept apart', async () => {
  const { tokens, refresh } = issuer()
  expect(await tokens.get('access', refresh)).not.toBe(await tokens.get('restricted', refresh))
})
