import type { Group } from './group.ts'
import { type CatalogRecord, FieldError, type OrderRecord } from './item.ts'
import type { JoinTable, Kept } from './join.ts'
import { compileCatalog } from './map-catalog.ts'
import { compileOrder } from './map-order.ts'
import type { Profile } from './profile.ts'
import { compileCondition, compileJoin, findRows, type Scope } from './value.ts'

/** What a profile makes of the rows of a record. */
export type Reader = {
  /** @throws FieldError for what cannot be used. */
  read(group: Group): CatalogRecord | OrderRecord
  /** The column that says which rows make one record, if several do. */
  groupIndex: number | null
}

/** Compiles a profile for a file with these columns; what it lacks is gathered in `scope.missing`. */
export function compileReader(profile: Profile, file: string, scope: Scope): Reader {
  const groupBy = profile.kind === 'orders' ? profile.groupBy : undefined
  let group: readonly Kept[] = []
  const inner = groupBy === undefined ? scope : withRows(scope, file, groupBy, () => group)
  const claims = [...scope.joins].flatMap(([name, { table, on }]) =>
    table.isOwned && scope.columns.has(on) ? [compileJoin(name, scope)] : [],
  )
  const checks = compileChecks(profile, inner)
  const map = profile.kind === 'orders' ? compileOrder(profile, inner) : compileCatalog(profile, inner)
  return {
    groupIndex: groupBy === undefined ? null : (scope.columns.get(groupBy) ?? null),
    read: ({ rows }) => {
      group = rows.map((row) => ({ cells: row.cells, line: row.line, isUsed: true }))
      const { cells } = rows[0]!
      // Before anything can fail: the parts of a refused record are not left over, they are refused with it.
      for (const { table, key } of claims) findRows(table, key(cells))
      for (const check of checks) check(cells)
      return map(cells)
    },
  }
}

/** The scope with the record's own rows as a joined file named `rows`. */
function withRows(scope: Scope, file: string, groupBy: string, rows: () => readonly Kept[]): Scope {
  const table: JoinTable = {
    file,
    key: groupBy,
    isOwned: false,
    columns: scope.columns,
    find: rows,
    count: () => rows().length,
    all: rows,
  }
  return { ...scope, joins: new Map([...scope.joins, ['rows', { table, on: groupBy }]]) }
}

function compileChecks(profile: Profile, scope: Scope) {
  return profile.checks.map((check) => {
    const isMet = compileCondition(check.holds, scope)
    const isExempt = check.unless ? compileCondition(check.unless, scope) : () => false
    return (cells: readonly string[]) => {
      if (!isExempt(cells) && !isMet(cells)) throw new FieldError(check.column, check.says)
    }
  })
}
