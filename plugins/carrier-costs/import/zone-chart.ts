import type { ZoneRule } from '../rate-card.ts'
import { zoneSet } from '../rate-card.ts'
import { createCollector } from './collect.ts'
import { readZones } from './layout-zones.ts'
import type { ImportFault } from './report.ts'
import { readCsvTable } from './table.ts'

/** Reads a `zones.csv` by itself, for tariffs that come without a zone chart. */
export function readZoneChart(
  name: string,
  text: string,
): { ok: true; rules: readonly ZoneRule[] } | { ok: false; faults: readonly ImportFault[] } {
  const collector = createCollector()
  const table = readCsvTable(name, text, collector.faults)
  const sets = table ? readZones(collector, table) : []
  const rules: ZoneRule[] = []
  for (const set of sets) {
    const parsed = zoneSet.safeParse(set)
    if (parsed.success) rules.push(...parsed.data.rules)
    else
      for (const { path, message } of parsed.error.issues)
        collector.faults.push({
          file: name,
          row: null,
          column: path.join('.'),
          message: `${message}. Correct it.`,
        })
  }
  return collector.faults.length > 0 ? { ok: false, faults: collector.faults } : { ok: true, rules }
}
