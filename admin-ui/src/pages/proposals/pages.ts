import { IconGavel } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const proposalPages: readonly Page[] = [
  {
    path: '/proposals',
    load: () => import('./proposals-page.tsx'),
    nav: { id: 'proposals', group: 'work', icon: IconGavel, key: 'a' },
  },
  { path: '/proposals/$id', load: () => import('./proposal-page.tsx') },
]
