import { IconArrowBackUp } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const returnPages: readonly Page[] = [
  {
    path: '/returns',
    load: () => import('./returns-page.tsx'),
    nav: { id: 'returns', group: 'orders', icon: IconArrowBackUp, key: 'r' },
  },
  { path: '/returns/$id', load: () => import('./return-page.tsx') },
]
