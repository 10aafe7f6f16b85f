import type { z } from 'zod'
import type { HubActions } from './goods.ts'
import type { PluginContext, PluginDb } from './plugin.ts'

/** What a proposal works with while it is applied or undone: all in one transaction. */
export type ProposalContext<Settings = unknown> = Omit<PluginContext<Settings>, 'db'> & {
  /** The plugin's own tables, within the transaction. */
  db: Pick<PluginDb, 'execute'>
  actions: HubActions
  /** Who approved it, or the plugin itself where it may apply by itself. */
  actor: string
  proposalId: string
}

/** A kind of change that a plugin may propose. */
export type PluginProposal<Payload, Undo, Settings = unknown> = {
  /** Checked when it is proposed and again when it is applied. JSON. */
  payload: z.ZodType<Payload>
  /** Does it. Returns what `undo` needs; null where nothing can be taken back. @throws to leave all as it was */
  apply(payload: Payload, context: ProposalContext<Settings>): Promise<Undo | null>
  /** Takes it back: things are then as they should be without it, not as they once were. */
  undo?(undo: Undo, context: ProposalContext<Settings>): Promise<void>
}

/** A change to be decided. */
export type ProposalDraft = {
  /** A kind that the plugin declares. */
  kind: string
  /** One open proposal a key within the plugin; proposing other content supersedes it. */
  key: string
  connectionId?: string | null
  title: string
  /** Why, with the figures that led to it. */
  reason: string
  diff: readonly { subject: string; field: string; from: unknown; to: unknown }[]
  payload: unknown
  /** The person whose idea it was, from `actorOf`: somebody else has to approve it then. None for the plugin's own. */
  askedBy?: string
  /** How many calls to marketplaces it costs. */
  costCalls?: number
  /** Applied at once in the plugin's name, where its policy lets it. It can be undone like any other. */
  isAutomatic?: boolean
  /** An automatic one that conflicts with what is there now stays open for a person, instead of throwing. */
  asksOnConflict?: boolean
}

export type ProposalState = {
  id: string
  status: 'open' | 'rejected' | 'applied' | 'failed' | 'superseded' | 'undone'
  decidedBy: string | null
  decidedAt: Date | null
  error: string | null
}
