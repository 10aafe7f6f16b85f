import type { Act } from '../lib/act.ts'
import type { Hub } from '../sync/hub.ts'
import type { Queue } from '../sync/queue.ts'

/** The hub as the API works with it. */
export type ApiHub = Hub & { queue: Queue }

export type ApiOptions = {
  /** Who changes are written down as, until there is login. */
  actor?: string
  /** Files below this folder may be imported by path; without it none may. */
  importFolder?: string
}

/** What every route is made with. */
export type ApiContext = {
  hub: ApiHub
  importFolder: string | null
  /** Who acts and when, for the change that a request makes. */
  act(): Act
}

export const createContext = (hub: ApiHub, options: ApiOptions): ApiContext => ({
  hub,
  importFolder: options.importFolder ?? null,
  act: () => ({ actor: options.actor ?? 'api', now: hub.clock.now() }),
})
