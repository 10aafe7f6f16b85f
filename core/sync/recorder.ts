import type { ItemResult } from '../sdk/connector.ts'
import type { Aspect } from '../sdk/model/listing.ts'
import type { Lane } from './lane.ts'
import type { Planned } from './plan.ts'
import { recordResults } from './push-results.ts'

/** Writes results down beside the calls. What a crash loses of them is only sent once more. */
export type Recorder = {
  add(batch: readonly Planned[], results: readonly ItemResult[]): void
  /** Whether nothing more can be written: then nothing more should be sent. */
  hasFailed(): boolean
  /** Resolves when all is written. @throws what writing failed with, such as LeaseLostError. */
  finish(): Promise<void>
}

/**
 * A transaction waits for the disk, a call must not wait for the transaction: whatever comes in while results
 * are being written is written together next.
 */
export function createRecorder(
  lane: Lane,
  aspect: Aspect,
  /** Told of the items whose results are written. */
  onWritten: (items: readonly Planned[]) => void,
): Recorder {
  let waiting: { item: Planned; result: ItemResult }[] = []
  let writing: Promise<void> | null = null
  let failure: { error: unknown } | null = null

  async function write(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const taken = waiting
        waiting = []
        const items = taken.map(({ item }) => item)
        await recordResults(
          lane,
          aspect,
          items,
          taken.map(({ result }) => result),
        )
        onWritten(items)
      }
    } catch (error) {
      failure = { error }
    } finally {
      writing = null
    }
  }

  return {
    add: (batch, results) => {
      waiting.push(...batch.map((item, index) => ({ item, result: results[index]! })))
      writing ??= failure ? null : write()
    },
    hasFailed: () => failure !== null,
    finish: async () => {
      await writing
      if (failure) throw failure.error
    },
  }
}
