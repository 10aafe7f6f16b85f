import { useTranslation } from 'react-i18next'

export type NamedWork = { kind: string; title: string; undoes?: string | null }

/** The kinds of long work that have words here, each with whether its title tells more: which shop, which file. */
const kinds: Readonly<Record<string, boolean>> = {
  resolve_problems: false,
  retry_problems: false,
  approve_proposals: false,
  reject_proposals: false,
  publish_products: true,
  end_listings: true,
  price_percent: true,
  import: true,
  import_preview: true,
}

/**
 * What long work is called in the reader's language. The hub keeps titles in English: one that begins with the
 * words shown here stands by itself, another stands beside them for what it tells besides.
 */
export function useWorkName(): (work: NamedWork) => { name: string; detail: string | null } {
  const { t } = useTranslation('kit')
  return ({ kind, title, undoes }) => {
    const tellsMore = kinds[kind]
    if (tellsMore === undefined) return { name: title, detail: null }
    const what = t(`work.kind.${kind}`)
    const name = undoes ? t('work.takeBack', { work: what }) : what
    if (title.startsWith(name)) return { name: title, detail: null }
    return { name, detail: tellsMore ? title : null }
  }
}
