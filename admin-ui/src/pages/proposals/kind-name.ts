import { useTranslation } from 'react-i18next'

/** What a kind of proposal is called; one of a plugin by the plugin and its own word. */
export function useKindName() {
  const { t } = useTranslation('proposals')
  return (kind: string): string => {
    const [, plugin, own] = /^plugin:([^:]+):(.+)$/.exec(kind) ?? []
    return plugin ? `${plugin}: ${own}` : t(`kind.${kind}`, { defaultValue: kind })
  }
}
