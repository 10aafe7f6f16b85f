import { and, inArray, like } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { proposals } from '../db/schema/index.ts'
import { transact } from '../db/transact.ts'
import type { Act } from '../lib/act.ts'
import {
  type Applier,
  approveProposal,
  type Proposal,
  propose,
  type Undoer,
  undoProposal,
  withdrawProposal,
} from '../proposals/proposals.ts'
import { ConflictError, InputError } from '../sdk/errors.ts'
import type { HubServices } from '../sdk/hub-services.ts'
import type { PluginDb, PluginDefinition } from '../sdk/plugin.ts'
import type { PluginProposal, ProposalContext, ProposalDraft, ProposalState } from '../sdk/proposal.ts'
import type { Hub } from './hub.ts'
import { createActions } from './plugin-actions.ts'

// biome-ignore lint/suspicious/noExplicitAny: each kind has a payload of its own.
type AnyKind = PluginProposal<any, any>

const prefixOf = (plugin: PluginDefinition): string => `plugin:${plugin.id}:`

function contextOf(
  hub: Hub,
  plugin: PluginDefinition,
  tx: Tx,
  proposal: Proposal,
  act: Act,
): ProposalContext {
  return {
    ...hub.pluginContext(plugin.id),
    db: tx as unknown as PluginDb,
    actions: createActions(tx, plugin.id, hub.connectors, act),
    actor: act.actor,
    proposalId: proposal.id,
  }
}

/** What approving and taking back each kind of the installed plugins does. */
export function pluginDecisions(hub: Hub): { apply: Map<string, Applier>; undo: Map<string, Undoer> } {
  const apply = new Map<string, Applier>()
  const undo = new Map<string, Undoer>()
  for (const plugin of hub.plugins) {
    for (const [name, kind] of Object.entries<AnyKind>(plugin.proposals ?? {})) {
      const key = `${prefixOf(plugin)}${name}`
      apply.set(key, (tx, proposal, act) =>
        kind.apply(
          parsePayload(plugin, name, kind, proposal.payload),
          contextOf(hub, plugin, tx, proposal, act),
        ),
      )
      if (kind.undo)
        undo.set(key, (tx, proposal, act) =>
          kind.undo!(proposal.undo, contextOf(hub, plugin, tx, proposal, act)),
        )
    }
  }
  return { apply, undo }
}

function parsePayload(plugin: PluginDefinition, name: string, kind: AnyKind, payload: unknown): unknown {
  const result = kind.payload.safeParse(payload)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new InputError(
    `Plugin "${plugin.id}" proposes "${name}" with a payload that does not fit: ${issue?.path.join('.')} ${issue?.message}`,
    'payload',
  )
}

type ProposalServices = Pick<HubServices, 'propose' | 'readProposals' | 'withdrawProposal' | 'undoProposal'>

/** A plugin's own proposals. */
export function proposalServices(hub: Hub, plugin: PluginDefinition): ProposalServices {
  const act = (actor = `plugin:${plugin.id}`): Act => ({ actor, now: hub.clock.now() })
  return {
    propose: (draft) => proposeFor(hub, plugin, draft, act()),
    readProposals: (ids) => readStates(hub, plugin, ids),
    withdrawProposal: (key) => withdrawProposal(hub.db, `${prefixOf(plugin)}${key}`, act()),
    undoProposal: async (id, actor) => {
      const [found] = await readStates(hub, plugin, [id])
      if (!found) throw new ConflictError(`Proposal ${id} is none of the plugin "${plugin.id}".`)
      await undoProposal(hub.db, pluginDecisions(hub).undo, id, act(actor))
    },
  }
}

async function proposeFor(
  hub: Hub,
  plugin: PluginDefinition,
  { kind: name, key, diff, askedBy, isAutomatic = false, asksOnConflict = false, ...draft }: ProposalDraft,
  act: Act,
): Promise<string> {
  const kind = plugin.proposals?.[name] as AnyKind | undefined
  if (!kind) throw new InputError(`Plugin "${plugin.id}" declares no proposal of the kind "${name}".`, 'kind')
  parsePayload(plugin, name, kind, draft.payload)
  const id = await transact(hub.db, (tx) =>
    propose(
      tx,
      { ...draft, kind: `${prefixOf(plugin)}${name}`, key: `${prefixOf(plugin)}${key}`, diff: [...diff] },
      askedBy === undefined || isAutomatic ? act : { ...act, actor: askedBy },
    ),
  )
  if (!isAutomatic) return id
  try {
    await approveProposal(hub.db, pluginDecisions(hub).apply, id, act)
  } catch (error) {
    if (!asksOnConflict || !(error instanceof ConflictError)) throw error
    hub.log.info({ plugin: plugin.id, proposal: id, reason: error.message }, 'A proposal waits for a person')
  }
  return id
}

async function readStates(
  hub: Hub,
  plugin: PluginDefinition,
  ids: readonly string[],
): Promise<ProposalState[]> {
  if (ids.length === 0) return []
  return hub.db
    .select({
      id: proposals.id,
      status: proposals.status,
      decidedBy: proposals.decidedBy,
      decidedAt: proposals.decidedAt,
      error: proposals.error,
    })
    .from(proposals)
    .where(and(inArray(proposals.id, [...ids]), like(proposals.kind, `${prefixOf(plugin)}%`)))
}
