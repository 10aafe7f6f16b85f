import { pages } from '../pages/index.ts'
import { hasRole, type Page } from './page.ts'
import { useRole } from './use-me.ts'

/** The pages that the signed-in person's role may see. */
export function useVisiblePages(): readonly Page[] {
  const role = useRole()
  return pages.filter((page) => hasRole(role, page.role))
}
