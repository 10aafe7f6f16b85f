import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, read } from '../../api.ts'

/** All plugins, speaking the reader's language. */
export function usePluginsQuery() {
  const { language } = useTranslation().i18n
  return useQuery({
    queryKey: ['plugins', language],
    queryFn: () => read(api.api.plugins.$get({ query: { language } })),
    // Until it speaks the new language, so that nothing disappears from the navigation.
    placeholderData: keepPreviousData,
  })
}

/** The plugins that are switched on and have a page. */
export const usePlugins = () =>
  (usePluginsQuery().data?.items ?? []).filter(
    ({ isEnabled, panels }) => isEnabled && panels.some(({ slot }) => slot === 'page'),
  )
