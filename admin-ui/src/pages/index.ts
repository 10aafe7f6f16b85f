import type { Page } from '../shell/page.ts'
import { accessPages } from './access/pages.ts'
import { cataloguePages } from './catalogue/pages.ts'
import { connectionPages } from './connections/pages.ts'
import { importPages } from './imports/pages.ts'
import { jobPages } from './jobs/pages.ts'
import { listingPages } from './listings/pages.ts'
import { mappingPages } from './mappings/pages.ts'
import { orderPages } from './orders/pages.ts'
import { overviewPages } from './overview/pages.ts'
import { pluginPages } from './plugins/pages.ts'
import { previewPages } from './preview/pages.ts'
import { problemPages } from './problems/pages.ts'
import { proposalPages } from './proposals/pages.ts'
import { returnPages } from './returns/pages.ts'
import { runPages } from './runs/pages.ts'
import { shippingPages } from './shipping/pages.ts'
import { stockPages } from './stock/pages.ts'
import { workPages } from './work/pages.ts'

/** Every page there is, in the order of the navigation. An area brings its own list. */
export const pages: readonly Page[] = [
  ...overviewPages,
  ...problemPages,
  ...proposalPages,
  ...workPages,
  ...cataloguePages,
  ...listingPages,
  ...stockPages,
  ...importPages,
  ...orderPages,
  ...shippingPages,
  ...returnPages,
  ...mappingPages,
  ...connectionPages,
  ...runPages,
  ...previewPages,
  ...pluginPages,
  ...jobPages,
  ...accessPages,
]
