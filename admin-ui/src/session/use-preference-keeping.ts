import { api, read } from '../api.ts'
import { useAction } from '../kit/use-action.ts'
import { useMe } from './use-me.ts'

type Preference = { locale: string } | { theme: 'auto' | 'light' | 'dark' }

/** Keeps a preference with the account, where there is one. */
export function usePreferenceKeeping() {
  const { account } = useMe()
  return useAction({
    run: async (preference: Preference) => {
      if (account) await read(api.api.me.$patch({ json: preference }))
    },
    topics: ['me'],
  })
}
