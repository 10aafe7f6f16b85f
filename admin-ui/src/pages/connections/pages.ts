import { IconBuildingStore } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const connectionPages: readonly Page[] = [
  {
    path: '/connections',
    load: () => import('./connections-page.tsx'),
    nav: { id: 'connections', group: 'channels', icon: IconBuildingStore, key: 'n' },
  },
  { path: '/connections/add', load: () => import('./add-page.tsx'), role: 'admin' },
  { path: '/connections/$id', load: () => import('./connection-page.tsx') },
]
