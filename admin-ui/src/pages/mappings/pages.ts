import { IconArrowsExchange } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const mappingPages: readonly Page[] = [
  {
    path: '/mappings',
    load: () => import('./mappings-page.tsx'),
    nav: { id: 'mappings', group: 'catalogue', icon: IconArrowsExchange, key: 'm' },
  },
]
