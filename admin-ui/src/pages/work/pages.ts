import { IconProgressCheck } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const workPages: readonly Page[] = [
  {
    path: '/work',
    load: () => import('./work-page.tsx'),
    nav: { id: 'work', group: 'work', icon: IconProgressCheck, key: 'w' },
  },
  { path: '/work/$id', load: () => import('./work-detail-page.tsx') },
]
