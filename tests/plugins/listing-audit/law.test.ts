import { describe, expect, test } from 'vitest'
import { judge, listRules } from '../../../plugins/listing-audit/judge.ts'
import { packsOf, readPack } from '../../../plugins/listing-audit/packs.ts'
import { defaultSettings } from '../../../plugins/listing-audit/settings.ts'
import { subjectOf } from './facts.ts'

const chinese = (title: string, more = {}) =>
  judge(subjectOf({ title, ...more }, { locale: 'zh-CN' })).filter(({ ruleId }) => ruleId.startsWith('cn.'))

describe('the advertising law of the PRC', () => {
  test('only the three words that the law names are unlawful; what is read into it needs a person', () => {
    for (const word of ['国家级', '最高级', '最佳'])
      expect(chinese(`${word}面霜滋润保湿补水`)).toMatchObject([
        { effect: 'unlawful', severity: 'error', excerpt: word, from: 0, to: word.length },
      ])
    expect(
      listRules()
        .filter(({ effect }) => effect === 'unlawful')
        .map(({ ruleId }) => ruleId),
    ).toEqual(['cn.absolute.named'])
    for (const word of ['顶级', '第一品牌', '最好', '全网首家'])
      expect(chinese(`${word}保湿补水套装礼盒`), word).toMatchObject([
        { effect: 'none', severity: 'warning' },
      ])
  })
  test.each([
    '不是最好的面霜',
    '并非最佳选择的面霜',
    '最近上市的面霜',
    '最多三瓶面霜',
    '第一次使用的面霜',
    '最佳使用时间请看面霜瓶身',
  ])('"%s" claims nothing', (title) => {
    expect(chinese(title)).toEqual([])
  })
  test('a brand or an allowed word that contains a word of a rule is none', () => {
    expect(chinese('最好家保湿面霜', { brand: '最好家' })).toEqual([])
    const settings = { ...defaultSettings, allowedWords: ['顶级牌'] }
    const found = judge(subjectOf({ title: '顶级牌保湿面霜滋润' }, { locale: 'zh-CN', settings }))
    expect(found.filter(({ ruleId }) => ruleId.startsWith('cn.'))).toEqual([])
  })
  test('a certificate among the attributes allows what needs one', () => {
    expect(chinese('防晒霜清爽保湿户外隔离')).toMatchObject([
      { ruleId: 'cn.efficacy.special-cosmetics', excerpt: '防晒' },
    ])
    expect(chinese('防晒霜清爽保湿户外隔离', { attributes: { 注册证编号: '国妆特字G20150001' } })).toEqual([])
    expect(chinese('防晒衣女夏季薄款外套')).toEqual([])
  })
  test('holds in its country alone', () => {
    expect(packsOf('zh-CN').map(({ id }) => id)).toEqual(['cn-advertising'])
    expect(packsOf('zh-TW')).toEqual([])
    expect(packsOf('en-GB')).toEqual([])
    expect(packsOf('de').map(({ id }) => id)).toEqual(['de-consumer'])
  })
  test('a pack that is wrong says where', () => {
    expect(() => readPack('{"id":"x"}', 'x.json')).toThrow(/x\.json is wrong at/)
  })
})
