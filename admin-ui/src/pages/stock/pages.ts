import { IconBuildingWarehouse } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const stockPages: readonly Page[] = [
  {
    path: '/stock',
    load: () => import('./stock-page.tsx'),
    nav: { id: 'stock', group: 'catalogue', icon: IconBuildingWarehouse, key: 's' },
  },
  { path: '/stock/$sku', load: () => import('./sku-stock-page.tsx') },
]
