import { IconAlertOctagon, IconShoppingCart } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const orderPages: readonly Page[] = [
  {
    path: '/orders',
    load: () => import('./orders-page.tsx'),
    nav: { id: 'orders', group: 'orders', icon: IconShoppingCart, key: 'd' },
  },
  { path: '/orders/$id', load: () => import('./order-page.tsx') },
  {
    path: '/exceptions',
    load: () => import('./exceptions-page.tsx'),
    nav: { id: 'exceptions', group: 'orders', icon: IconAlertOctagon, key: 'e' },
  },
]
