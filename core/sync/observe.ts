import type { Connector, ItemResult } from '../sdk/connector.ts'
import { withinOperation } from './scope.ts'

/** Told what became of an operation: null when it worked, else what it failed with. */
export type NoteOutcome = (client: unknown, operation: string, error: unknown) => void

type Call = (client: unknown, ...rest: unknown[]) => Promise<unknown>
type Parts = Record<string, unknown>

/** The connector with each operation telling how it went, and its calls knowing what they are for. */
export function observeConnector(connector: Connector, note: NoteOutcome): Connector {
  const operations = Object.entries(connector.operations).map(([name, operation]) => [
    name,
    observeOperation(name, operation, note),
  ])
  return { ...connector, operations: Object.fromEntries(operations) } as Connector
}

function observeOperation(name: string, operation: unknown, note: NoteOutcome): unknown {
  if (typeof operation === 'function') return observeCall(name, operation as Call, note, true)
  if (operation === null || typeof operation !== 'object') return operation
  const parts = operation as Parts
  const observed: Parts = { ...parts }
  if (typeof parts.run === 'function')
    observed.run = observeCall(name, (...given) => (parts.run as Call)(...given), note, true)
  // Looking whether something happened, or what became of a ticket, proves the operation only where it fails.
  for (const part of ['find', 'settle'])
    if (typeof parts[part] === 'function')
      observed[part] = observeCall(
        name,
        (...given) => (parts[part] as Call)(...given),
        note,
        part === 'settle',
      )
  if (parts.bulk) observed.bulk = observeOperation(name, parts.bulk, note)
  return observed
}

const observeCall =
  (name: string, call: Call, note: NoteOutcome, proves: boolean): Call =>
  (client, ...rest) =>
    withinOperation(name, async () => {
      try {
        const answer = await call(client, ...rest)
        for (const outcome of outcomesOf(answer)) if (outcome !== null || proves) note(client, name, outcome)
        return answer
      } catch (error) {
        note(client, name, error)
        throw error
      }
    })

/** What an answer proves: of many items one that worked, and one that did not. */
function outcomesOf(answer: unknown): unknown[] {
  if (answer === 'pending') return []
  if (!Array.isArray(answer) || !isItemResult(answer[0])) return [null]
  const results = answer as ItemResult[]
  const failed = results.find((result) => !result.ok)
  return [
    ...(failed && !failed.ok ? [failed.error] : []),
    ...(results.some((result) => result.ok) ? [null] : []),
  ]
}

const isItemResult = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && typeof (value as { ok?: unknown }).ok === 'boolean'
