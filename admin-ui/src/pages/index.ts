import type { Page } from '../shell/page.ts'
import { accessPages } from './access/pages.ts'
import { pluginPages } from './plugins/pages.ts'

/** Every page there is, in the order of the navigation. An area brings its own list. */
export const pages: readonly Page[] = [...pluginPages, ...accessPages]
