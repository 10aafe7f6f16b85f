import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'

const pluginsQuery = { queryKey: ['plugins'], queryFn: () => read(api.api.plugins.$get()) }

export const usePluginsQuery = () => useQuery(pluginsQuery)

/** The plugins that are switched on and have a page. */
export const usePlugins = () =>
  (usePluginsQuery().data?.items ?? []).filter(
    ({ isEnabled, panels }) => isEnabled && panels.some(({ slot }) => slot === 'page'),
  )
