import { type Access, openAccess } from '../access/open.ts'
import type { Act } from '../lib/act.ts'
import type { Hub } from '../sync/hub.ts'
import type { Queue } from '../sync/queue.ts'
import { callerNow } from './gate.ts'
import { createLive, type Live } from './live.ts'
import { type Reach, readReach } from './visitor.ts'

/** The hub as the API works with it. */
export type ApiHub = Hub & { queue: Queue }

export type ApiOptions = {
  /** Files below this folder may be imported by path; without it none may. */
  importFolder?: string
  /** Where people reach the hub; this machine alone unless given. */
  reach?: Reach
}

/** What every route is made with. */
export type ApiContext = {
  hub: ApiHub
  access: Access
  reach: Reach
  importFolder: string | null
  /** Who acts and when, for the change that a request makes. @throws ForbiddenError outside of a request */
  act(): Act
  /** What changes, as it does. */
  live: Live
}

export const createContext = (hub: ApiHub, options: ApiOptions): ApiContext => ({
  hub,
  access: openAccess(hub),
  reach: options.reach ?? readReach({}),
  importFolder: options.importFolder ?? null,
  live: createLive(hub.database, hub.log),
  act: () => ({ actor: callerNow().actor, now: hub.clock.now() }),
})
