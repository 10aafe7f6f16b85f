import { describe, expect, test } from 'vitest'
import { sayForm } from '../../core/api/speech.ts'
import { toFormSchema } from '../../core/connections/read.ts'
import { type Texts, translator } from '../../core/lib/translate.ts'
import { settingsSchema } from '../../core/plugins/settings.ts'
import config from '../../hub.config.ts'

/** Titles and descriptions of a form that have no Chinese text. */
function unsaid(form: Record<string, unknown> | null, texts: Texts | undefined): string[] {
  const translate = translator(texts, 'zh-CN')
  const missing: string[] = []
  sayForm(form ?? {}, (text) => {
    if (translate(text) === null) missing.push(text)
    return text
  })
  return missing
}

describe('Chinese texts of what is installed', () => {
  test.each(config.connectors.map((connector) => [connector.id, connector] as const))(
    'connector %s has one for every title and description of its settings and credentials',
    (_id, { settings, credentials, texts }) => {
      expect(unsaid(toFormSchema(settings), texts)).toEqual([])
      expect(unsaid(toFormSchema(credentials), texts)).toEqual([])
    },
  )

  test.each(config.plugins.map((plugin) => [plugin.id, plugin] as const))(
    'plugin %s has one for its name, the titles of its panels and every title and description of its settings',
    (_id, plugin) => {
      const translate = translator(plugin.texts, 'zh-CN')
      const titles = [plugin.name, ...(plugin.panels ?? []).map(({ title }) => title)]
      expect(titles.filter((title) => translate(title) === null)).toEqual([])
      expect(unsaid(settingsSchema(plugin), plugin.texts)).toEqual([])
    },
  )

  test('leave no hole of the English out', () => {
    const holes = (text: string) => [...text.matchAll(/\{=?(\w+)\}/g)].map(([, name]) => name).sort()
    for (const { id, texts } of [...config.connectors, ...config.plugins])
      for (const [english, chinese] of Object.entries(texts?.['zh-CN'] ?? {}))
        expect(holes(chinese), `${id}: ${english}`).toEqual(holes(english))
  })
})
