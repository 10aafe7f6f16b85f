import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { pages } from '../pages/index.ts'
import { FailedPage, MissingPage } from './fallback-pages.tsx'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: MissingPage, errorComponent: FailedPage })

const routes: AnyRoute[] = pages.map(({ path, load }) =>
  createRoute({
    getParentRoute: () => root,
    path,
    // What a page is filtered by is in its address, so that links to it and the back button work.
    validateSearch: (search: Record<string, unknown>) => search,
    component: lazyRouteComponent(load),
  }),
)

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  defaultErrorComponent: FailedPage,
  scrollRestoration: true,
})
