import { IconLayoutDashboard } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const overviewPages: readonly Page[] = [
  {
    path: '/',
    load: () => import('./overview-page.tsx'),
    nav: { id: 'overview', group: 'work', icon: IconLayoutDashboard, key: 'o' },
  },
]
