import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Texts, translator } from '../../core/lib/translate.ts'

const texts: Texts = {
  de: {
    Listings: 'Angebote',
    '{count} of {total} listings': '{count} von {total} Angeboten',
    'It has {count} images; at least {least} are needed.': 'Es hat {count} Bilder; {least} sind nötig.',
    '{sku}: {=verdict}.': '{sku} ist {verdict}.',
    slow: 'träge',
    fine: 'gut',
    '{=first}; {=others}': '{first} und {others}',
    'From {from} to {to}': 'Bis {to} ab {from}',
    'such as {"2": "a"}': 'etwa {"2": "a"}',
    'a.*b {x}': 'Punkt {x}',
  },
}
const de = translator(texts, 'de')

describe('texts of plugins and connectors', () => {
  test('are found as they stand; in another language, or unknown, there is none', () => {
    expect(de('Listings')).toBe('Angebote')
    expect(de('such as {"2": "a"}')).toBe('etwa {"2": "a"}')
    expect(de('listings')).toBeNull()
    expect(translator(texts, 'fr')('Listings')).toBeNull()
    expect(translator(texts, 'toString')('Listings')).toBeNull()
    expect(translator(undefined, 'de')('Listings')).toBeNull()
  })

  test('are found for composed sentences: values go into their holes as they are, in any order', () => {
    expect(de('3 of 5 listings')).toBe('3 von 5 Angeboten')
    expect(de('From Monday to Friday')).toBe('Bis Friday ab Monday')
    expect(de('From {to} to $& {from}')).toBe('Bis $& {from} ab {to}')
    expect(de('From  to Friday')).toBeNull()
    expect(de(' of 5 listings')).toBeNull()
    expect(de('aXb 1')).toBeNull()
    expect(de('a.*b 1')).toBe('Punkt 1')
  })

  test('translate words within a sentence that have a text; one with others is not that sentence', () => {
    expect(de('CUP: slow.')).toBe('CUP ist träge.')
    expect(de('CUP: slow; fine; slow.')).toBe('CUP ist träge und gut und träge.')
    expect(de('CUP: blue.')).toBeNull()
    expect(de('slow; blue')).toBeNull()
  })

  test('take the most literal sentence that fits', () => {
    const two = translator(
      { de: { '{a} units': 'A {a}', '{a} units in {days} units': 'B {a} {days}' } },
      'de',
    )
    expect(two('5 units in 3 units')).toBe('B 5 3')
    expect(two('5 units')).toBe('A 5')
  })

  test('need words beside holes, and say so when they are read', () => {
    for (const key of ['{a}', '{a}{b} x', ' {a} '])
      expect(() => translator({ de: { [key]: '' } }, 'de'), key).toThrow('needs words')
  })

  test('are quick on any text, however it was made', () => {
    const started = performance.now()
    for (const text of ['slow; '.repeat(20_000), 'From to to '.repeat(10_000), ' of  of '.repeat(10_000)])
      de(text)
    expect(performance.now() - started).toBeLessThan(1000)
    fc.assert(
      fc.property(fc.string(), fc.string(), (from, to) => {
        fc.pre(from !== '' && to !== '' && !from.includes(' to ') && !to.startsWith('to '))
        expect(de(`From ${from} to ${to}`)).toBe(`Bis ${to} ab ${from}`)
      }),
    )
  })
})
