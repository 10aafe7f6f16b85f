import type { Icon } from '@tabler/icons-react'
import type { ComponentType } from 'react'

/** What a person may do, each role all that the ones before it may. */
export const roles = ['viewer', 'operator', 'manager', 'admin'] as const
export type Role = (typeof roles)[number]

export const navGroups = ['work', 'catalogue', 'orders', 'channels', 'plugins', 'admin'] as const
export type NavGroup = (typeof navGroups)[number]

/** A page of the UI. Its texts are in the area's files; its place in the navigation is named in shell.json. */
export type Page = {
  /** As TanStack Router writes it: `/products/$id`. */
  path: string
  load: () => Promise<{ default: ComponentType }>
  /** Who sees it; everybody who is signed in unless told. */
  role?: Role
  /** Its entry in the navigation: named by `nav.<id>` of shell.json, reached by the keys g then `key`. */
  nav?: { id: string; group: NavGroup; icon: Icon; key?: string }
}

export const hasRole = (has: Role, needed: Role = 'viewer'): boolean =>
  roles.indexOf(has) >= roles.indexOf(needed)
