import { IconAlertTriangle } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const problemPages: readonly Page[] = [
  {
    path: '/problems',
    load: () => import('./problems-page.tsx'),
    nav: { id: 'problems', group: 'work', icon: IconAlertTriangle, key: 'p' },
  },
  { path: '/problems/$id', load: () => import('./problem-page.tsx') },
]
