import { IconHistory } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const runPages: readonly Page[] = [
  {
    path: '/runs',
    load: () => import('./runs-page.tsx'),
    nav: { id: 'runs', group: 'channels', icon: IconHistory, key: 't' },
  },
  { path: '/runs/$id', load: () => import('./run-page.tsx') },
  { path: '/calls', load: () => import('./calls-page.tsx'), role: 'operator' },
]
