import { sayPanel } from '../../core/api/speech.ts'
import { translator } from '../../core/lib/translate.ts'
import { type PanelContent, panelContent } from '../../core/sdk/panel.ts'
import type { PluginDefinition } from '../../core/sdk/plugin.ts'

/** Words of its own in what a panel says that a plugin has no Chinese text for. */
export function untranslated(plugin: PluginDefinition, content: PanelContent): string[] {
  const translate = translator(plugin.texts, 'zh-CN')
  const missing: string[] = []
  sayPanel(panelContent.parse(content), (text) => {
    if (translate(text) === null) missing.push(text)
    return text
  })
  return missing
}
