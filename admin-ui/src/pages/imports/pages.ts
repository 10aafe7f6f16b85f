import { IconTableImport } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const importPages: readonly Page[] = [
  {
    path: '/imports',
    load: () => import('./imports-page.tsx'),
    nav: { id: 'imports', group: 'catalogue', icon: IconTableImport, key: 'i' },
  },
  { path: '/imports/new', load: () => import('./new-import-page.tsx'), role: 'operator' },
  { path: '/imports/$id', load: () => import('./import-page.tsx') },
]
