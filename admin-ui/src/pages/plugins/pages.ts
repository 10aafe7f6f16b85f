import { IconPlugConnected } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const pluginPages: readonly Page[] = [
  {
    path: '/plugins-installed',
    load: () => import('./plugins-page.tsx'),
    nav: { id: 'plugins', group: 'plugins', icon: IconPlugConnected, key: 'u' },
  },
  { path: '/plugin/$id', load: () => import('./plugin-page.tsx') },
]
