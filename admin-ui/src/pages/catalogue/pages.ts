import { IconTag } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const cataloguePages: readonly Page[] = [
  {
    path: '/products',
    load: () => import('./products-page.tsx'),
    nav: { id: 'products', group: 'catalogue', icon: IconTag, key: 'c' },
  },
  { path: '/products/$id', load: () => import('./product-page.tsx') },
]
