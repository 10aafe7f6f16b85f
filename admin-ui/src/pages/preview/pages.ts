import { IconEyeCheck } from '@tabler/icons-react'
import type { Page } from '../../shell/page.ts'

export const previewPages: readonly Page[] = [
  {
    path: '/preview',
    load: () => import('./preview-page.tsx'),
    nav: { id: 'preview', group: 'channels', icon: IconEyeCheck, key: 'v' },
    role: 'operator',
  },
]
