import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../plugins/listing-audit/finding.ts'
import { judge } from '../../../plugins/listing-audit/judge.ts'
import { stopBlocked } from '../../../plugins/listing-audit/last-word.ts'
import { scoreOf } from '../../../plugins/listing-audit/score.ts'
import { defaultSettings } from '../../../plugins/listing-audit/settings.ts'
import { suggestTexts } from '../../../plugins/listing-audit/suggest.ts'
import { contentOf, subjectOf } from './facts.ts'

const rulesOf = (findings: readonly Finding[]) => findings.map(({ ruleId }) => ruleId)
const judgeContent = (...given: Parameters<typeof subjectOf>) => rulesOf(judge(subjectOf(...given)))
const money = (minor: number) => ({ minor, currency: 'EUR' })
const chinese = (title: string, more = {}) =>
  judge(subjectOf({ title, ...more }, { locale: 'zh-CN' })).filter(({ ruleId }) => ruleId.startsWith('cn.'))

describe('a listing without a fault', () => {
  test('loses no point, on any marketplace', () => {
    for (const connector of ['woocommerce', 'amazon', 'somewhere-else'])
      expect(judgeContent({}, { connector }), connector).toEqual([])
    expect(scoreOf([])).toEqual({ score: 100, deductions: [] })
  })
})

describe('completeness', () => {
  test('names each attribute that the category demands and that has no value', () => {
    const found = judge(
      subjectOf(
        { attributes: { Material: ' ' }, options: { colour: 'Red' } },
        { required: ['Material', 'Colour', 'Origin'] },
      ),
    )
    expect(found.map(({ field }) => field)).toEqual(['attributes.Material', 'attributes.Origin'])
  })
  test('misses title, description, brand and category', () => {
    const empty = { title: '', description: ' ', brand: null, externalCategoryId: null }
    expect(judgeContent(empty)).toEqual([
      'completeness.title',
      'completeness.description',
      'completeness.brand',
      'completeness.category',
    ])
  })
})

describe('titles', () => {
  test('are measured in characters, not in UTF-16 units, and cut between words', () => {
    expect(judgeContent({ title: '🍵'.repeat(200), brand: 'x' }, { connector: 'amazon' })).toEqual([])
    const long = `${'Cup '.repeat(49)}saucer and more`
    const [found] = judge(subjectOf({ title: long }, { connector: 'amazon' })).filter(
      ({ ruleId }) => ruleId === 'title.long',
    )
    expect(found).toMatchObject({ effect: 'blocks', from: 195, to: long.length })
  })
  test.each([
    ['amazon', 'Cup with a handle!', 'title.characters'],
    ['amazon', 'Cup for tea cup for milk cup', 'title.repeated'],
    ['woocommerce', 'STONEWARE CUP WITH HANDLE', 'title.capitals'],
    ['woocommerce', 'Stoneware  cup', 'title.spaces'],
    ['woocommerce', 'Stoneware cup, free shipping', 'title.promotion'],
    ['woocommerce', 'Cup', 'title.short'],
  ])('on %s: "%s" is %s', (connector, title, ruleId) => {
    expect(judgeContent({ title }, { connector })).toEqual([ruleId])
  })
})

describe('descriptions', () => {
  test.each([
    ['woocommerce', 'A cup <script>alert(1)</script>', 'description.script'],
    ['woocommerce', '<p onclick="x()">A cup</p>', 'description.script'],
    ['woocommerce', 'A <b>cup', 'description.unclosed'],
    ['woocommerce', 'A <marquee>cup</marquee>', 'description.tag'],
    ['amazon', 'Ask cups@kiln.test', 'description.contact'],
    ['amazon', 'x'.repeat(2001), 'description.long'],
  ])('on %s: %s is %s', (connector, description, ruleId) => {
    expect(new Set(judgeContent({ description }, { connector }))).toEqual(new Set([ruleId]))
  })
  test('may be formatted as the marketplace allows', () => {
    expect(judgeContent({ description: '<p>A <b>cup</b><br>of stoneware<ul><li>One<li>Two</ul>' })).toEqual(
      [],
    )
  })
})

describe('numbers', () => {
  test.each([
    ['4006381333932', 'gtin.fault'],
    ['12345', 'gtin.fault'],
    ['2012345678903', 'gtin.internal'],
  ])('the GTIN %s is %s', (gtin, ruleId) => {
    expect(judgeContent({ gtin })).toEqual([ruleId])
  })
  test.each([
    ['price.missing', { price: null, priceProblem: 'There is no price in EUR.' }],
    ['price.zero', { price: money(0) }],
    ['price.floor', { price: money(900), floor: money(1000) }],
    ['price.sale', { price: money(900), salePrice: money(900) }],
    ['price.step', { price: money(1000), acknowledgedPrice: money(100_000) }],
    ['price.cost', { price: money(100_001), cost: money(2000) }],
    ['stock.negative', { quantity: -1 }],
    ['stock.over', { quantity: 5, available: 4 }],
  ])('%s', (ruleId, facts) => {
    expect(judgeContent({}, { facts })).toEqual([ruleId])
  })
  test('what is not known is not judged, nor what is in another currency', () => {
    const facts = {
      price: money(900),
      floor: null,
      cost: { minor: 1, currency: 'USD' },
      acknowledgedPrice: null,
      quantity: 5,
      available: 5,
    }
    expect(judgeContent({}, { facts })).toEqual([])
  })
})

describe('contents that contradict one another', () => {
  test('in title and facts', () => {
    expect(judgeContent({ title: 'Night cream 50 ml', attributes: { Volume: '30 ml' } })).toEqual([
      'consistency.facts',
    ])
    expect(
      judgeContent({ title: 'Night cream 5 cl', attributes: { Volume: '50 ml', Care: '30 ml' } }),
    ).toEqual([])
  })
  test('in two listings of one variant', () => {
    const siblings = [{ listingId: 'lst_2', connectionId: 'con_2', measures: ['30 ml'] }]
    expect(judgeContent({ title: 'Night cream 50ml' }, { siblings })).toEqual(['consistency.siblings'])
    expect(judgeContent({ title: 'Night cream 30 ml' }, { siblings })).toEqual([])
  })
})

describe('the last word before a listing leaves', () => {
  const about = {
    sku: 'CUP',
    connectionId: 'con_1',
    connector: 'woocommerce',
    locale: 'en-GB',
    currency: 'EUR',
  }
  test('stops what the law names, and what the marketplace says that it refuses', () => {
    const unlawful = contentOf({ title: '最佳保湿面霜滋润' })
    expect(() => stopBlocked(unlawful, { ...about, locale: 'zh-CN' }, defaultSettings)).toThrow(
      /title "最佳".*cn\.absolute\.named/,
    )
    expect(
      stopBlocked(unlawful, { ...about, locale: 'zh-CN' }, { ...defaultSettings, stopsBlocked: false }),
    ).toBe(unlawful)
    for (const bad of [
      contentOf({ title: 'long '.repeat(50) }),
      contentOf({ title: '' }),
      contentOf({ gtin: '123' }),
    ])
      expect(() => stopBlocked(bad, { ...about, connector: 'amazon' }, defaultSettings)).toThrow()
  })
  test('stops nothing for our own advice alone', () => {
    for (const content of [
      contentOf({ title: 'x'.repeat(300), gtin: '123', images: [], brand: null, externalCategoryId: null }),
      contentOf({ title: '', description: '<script>x</script>' }),
      contentOf({ title: 'Free shipping!!! 最佳' }),
    ])
      expect(stopBlocked(content, about, defaultSettings)).toBe(content)
  })
  test('a rule that is switched off stops nothing', () => {
    const unlawful = contentOf({ title: '最佳保湿面霜滋润' })
    const settings = { ...defaultSettings, ignoredRules: ['cn.absolute.named'] }
    expect(stopBlocked(unlawful, { ...about, locale: 'zh-CN' }, settings)).toBe(unlawful)
  })
})

describe('score and suggestion', () => {
  test('a score says what each rule cost, the same fault at most twice', () => {
    const found = chinese('顶级极致至尊首选保湿套装')
    expect(scoreOf(found)).toEqual({
      score: 84,
      deductions: [
        { ruleId: 'cn.absolute.other', points: 16, because: expect.stringContaining('8 points, 4 found') },
      ],
    })
  })
  test('a suggestion leaves the words out and nothing else; it never empties a field', () => {
    const content = contentOf({ title: '最佳保湿面霜 顶级 滋润', description: '第一品牌' })
    const found = judge(subjectOf(content, { locale: 'zh-CN' }))
    expect(suggestTexts(content, found)).toEqual([
      {
        field: 'title',
        from: content.title,
        to: '保湿面霜 滋润',
        ruleIds: ['cn.absolute.named', 'cn.absolute.other'],
      },
    ])
  })
})
