import { IconHistory, IconKey, IconSettings, IconUserCog, IconUsers } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

/** One's account, and what an admin manages: people, keys, settings, and the log of what everybody did. */
export const accessPages: readonly Page[] = [
  {
    path: '/audit',
    load: () => import('./audit-page.tsx'),
    nav: { id: 'audit', group: 'admin', icon: IconHistory, key: 'g' },
  },
  {
    path: '/users',
    load: () => import('./users-page.tsx'),
    role: 'admin',
    nav: { id: 'users', group: 'admin', icon: IconUsers },
  },
  {
    path: '/keys',
    load: () => import('./keys-page.tsx'),
    role: 'admin',
    nav: { id: 'keys', group: 'admin', icon: IconKey },
  },
  {
    path: '/settings',
    load: () => import('./settings-page.tsx'),
    nav: { id: 'settings', group: 'admin', icon: IconSettings },
  },
  {
    path: '/account',
    load: () => import('./account-page.tsx'),
    nav: { id: 'account', group: 'admin', icon: IconUserCog },
  },
]
