import { useTranslation } from 'react-i18next'

/** What a kind of problem holds up and how it is dealt with, in the language that is shown; a plugin has its own words. */
export function useKindWords() {
  const { t } = useTranslation('problems')
  const of = (part: 'holdsUpOf' | 'remedyOf', kind: string, told: string): string =>
    kind === 'plugin' ? told : t(`${part}.${kind}`, { defaultValue: told })
  return {
    holdsUp: (kind: string, told: string) => of('holdsUpOf', kind, told),
    remedy: (kind: string, told: string) => of('remedyOf', kind, told),
  }
}
