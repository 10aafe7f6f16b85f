import { IconMapPin, IconPackage } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const shippingPages: readonly Page[] = [
  {
    path: '/shipping',
    load: () => import('./desk-page.tsx'),
    nav: { id: 'shipping', group: 'orders', icon: IconPackage, key: 'h' },
  },
  { path: '/shipping/$id', load: () => import('./batch-page.tsx') },
  {
    path: '/shipments',
    load: () => import('./shipments-page.tsx'),
    nav: { id: 'shipments', group: 'orders', icon: IconMapPin, key: 'k' },
  },
  { path: '/shipments/$id', load: () => import('./shipment-page.tsx') },
]
