import { IconStack2 } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const jobPages: readonly Page[] = [
  {
    path: '/jobs',
    load: () => import('./jobs-page.tsx'),
    nav: { id: 'jobs', group: 'admin', icon: IconStack2, key: 'j' },
    role: 'operator',
  },
]
