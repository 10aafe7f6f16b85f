import { IconBuildingWarehouse, IconForklift } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const stockPages: readonly Page[] = [
  {
    path: '/stock',
    load: () => import('./stock-page.tsx'),
    nav: { id: 'stock', group: 'catalogue', icon: IconBuildingWarehouse, key: 's' },
  },
  { path: '/stock/$sku', load: () => import('./sku-stock-page.tsx') },
  {
    path: '/warehouses',
    load: () => import('./warehouses-page.tsx'),
    nav: { id: 'warehouses', group: 'catalogue', icon: IconForklift, key: 'b' },
  },
]
