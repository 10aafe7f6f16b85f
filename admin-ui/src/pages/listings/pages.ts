import { IconListDetails } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const listingPages: readonly Page[] = [
  {
    path: '/listings',
    load: () => import('./listings-page.tsx'),
    nav: { id: 'listings', group: 'catalogue', icon: IconListDetails, key: 'l' },
  },
  { path: '/listings/$id', load: () => import('./listing-page.tsx') },
]
