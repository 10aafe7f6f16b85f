import type { ListingContent, Outgoing } from 'entrepot/sdk'
import { judge } from './judge.ts'
import { limitsOf } from './marketplaces.ts'
import { packsOf } from './packs.ts'
import type { AuditSettings } from './settings.ts'

/** Lets content leave as it is. @throws Error naming rule and words when it breaks a rule that blocks */
export function stopBlocked(
  content: ListingContent,
  about: Outgoing,
  settings: AuditSettings,
): ListingContent {
  if (!settings.stopsBlocked) return content
  const blocking = judge({
    facts: { content },
    limits: limitsOf(about.connector),
    packs: packsOf(about.locale),
    settings,
    required: [],
    siblings: [],
    images: new Map(),
  }).filter(({ effect }) => effect !== 'none')
  if (blocking.length === 0) return content
  const said = blocking.map(
    ({ ruleId, field, excerpt, message }) =>
      `${field}${excerpt ? ` "${excerpt.slice(0, 80)}"` : ''}: ${message} (${ruleId})`,
  )
  throw new Error(`${said.join(' ')} Change it, or allow it in the settings of the plugin listing-audit.`)
}
