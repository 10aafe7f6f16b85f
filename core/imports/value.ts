import type { Columns } from './csv.ts'
import { addDecimals, equalDecimals, toPlainDecimal } from './decimal.ts'
import { FieldError } from './item.ts'
import type { JoinTable, Kept } from './join.ts'
import type { Condition, Value } from './profile.ts'

type Cells = readonly string[]
/** Reads a value from a row; null when the file says nothing. */
export type Read = (cells: Cells) => string | null

/** What a value may refer to: the columns of a row, and the joined files with the value their rows hang on. */
export type Scope = {
  columns: Columns
  joins: ReadonlyMap<string, { table: JoinTable; on: string }>
  decimal: '.' | ','
  encoding: string
  toInstant(text: string): Date | null
  /** Gathers the names that stand for nothing, so that one error names them all. */
  missing: string[]
}

/** Turns a value of the profile into a function of the row, looking its columns up once. */
export function compileValue(value: Value, scope: Scope): Read {
  if (typeof value === 'string') return compileReference(value, scope)
  if ('constant' in value) return () => value.constant
  if ('optional' in value) {
    return scope.columns.has(value.optional) ? compileReference(value.optional, scope) : () => null
  }
  if ('template' in value) return compileTemplate(value.template, scope)
  if ('firstOf' in value) {
    const reads = value.firstOf.map((inner) => compileValue(inner, scope))
    return (cells) => firstFound(reads, cells)
  }
  if ('map' in value) return compileMap(value, scope)
  if ('when' in value) return compileWhen(value, scope)
  if ('sum' in value) return compileSum(value.sum, scope)
  if ('count' in value) {
    const { table, key } = compileJoin(value.count, scope)
    return (cells) => String(table?.count(key(cells) ?? '') ?? 0)
  }
  const isLatest = 'latestOf' in value
  return compileMoment(isLatest ? value.latestOf : value.earliestOf, isLatest, scope)
}

function firstFound(reads: readonly Read[], cells: Cells): string | null {
  for (const read of reads) {
    const text = read(cells)
    if (text !== null) return text
  }
  return null
}

/** `column`, or `join.column` of the first row that hangs on this one. */
export function compileReference(name: string, scope: Scope): Read {
  const all = compileReferences(name, scope)
  const index = scope.columns.get(name)
  return index === undefined ? (cells) => all(cells)[0] ?? null : (cells) => filled(cells[index])
}

/** Every value that a reference stands for: several where the join keeps several rows. */
function compileReferences(name: string, scope: Scope): (cells: Cells) => string[] {
  const index = scope.columns.get(name)
  const present = (texts: readonly (string | null)[]) => texts.filter((text) => text !== null)
  if (index !== undefined) return (cells) => present([filled(cells[index])])
  const dot = name.indexOf('.')
  const prefix = name.slice(0, Math.max(0, dot))
  const column = scope.joins.get(prefix)?.table.columns.get(name.slice(dot + 1))
  if (column === undefined) {
    scope.missing.push(name)
    return () => []
  }
  const { table, key } = compileJoin(prefix, scope)
  return (cells) => present(findRows(table, key(cells)).map((row) => filled(row.cells[column])))
}

/** The joined rows that hang on this row; they count as used from then on. */
export function findRows(table: JoinTable | null, key: string | null): readonly Kept[] {
  const rows = key === null || table === null ? [] : table.find(key)
  for (const row of rows) row.isUsed = true
  return rows
}

/** A joined file and the value of a row that its rows hang on. */
export function compileJoin(name: string, scope: Scope): { table: JoinTable | null; key: Read } {
  const join = scope.joins.get(name)
  if (!join) {
    scope.missing.push(name)
    return { table: null, key: () => null }
  }
  return { table: join.table, key: compileReference(join.on, scope) }
}

function filled(cell: string | undefined): string | null {
  const text = cell?.trim()
  return text ? text : null
}

/** `{column}`, `{column|8}` (its first 8 characters), `{column|words}` (underscores as blanks). */
function compileTemplate(template: string, scope: Scope): Read {
  const parts = template.split(/\{([^{}]+)\}/).map((part, index) => {
    if (index % 2 === 0) return () => part
    const [name = '', filter] = part.split('|')
    const read = compileReference(name, scope)
    return (cells: Cells) => {
      const text = read(cells)
      if (text === null || filter === undefined) return text
      return filter === 'words' ? text.replaceAll('_', ' ') : [...text].slice(0, Number(filter)).join('')
    }
  })
  return (cells) => {
    const texts = parts.map((part) => part(cells))
    return texts.includes(null) ? null : texts.join('')
  }
}

function compileMap(value: Extract<Value, { map: unknown }>, scope: Scope): Read {
  const codes = new Map(Object.entries(value.map))
  const from = compileValue(value.from, scope)
  const otherwise = value.else === undefined ? null : compileValue(value.else, scope)
  return (cells) => {
    const code = from(cells)
    const found = code === null ? undefined : codes.get(code)
    if (found !== undefined || code === null) return found ?? null
    if (otherwise) return otherwise(cells)
    throw new FieldError(
      columnOf(value.from) ?? '',
      `"${code.slice(0, 100)}" is none of ${[...codes.keys()].join(', ')}`,
    )
  }
}

function compileWhen(value: Extract<Value, { when: unknown }>, scope: Scope): Read {
  const cases = value.when.map((entry) => ({
    holds: compileCondition(entry.if, scope),
    read: compileValue(entry.use, scope),
  }))
  const otherwise = value.else === undefined ? () => null : compileValue(value.else, scope)
  return (cells) => (cases.find((entry) => entry.holds(cells))?.read ?? otherwise)(cells)
}

/** A condition as a function of the row. Numbers are equal by value: 1.5 and 1.50 are. */
export function compileCondition(condition: Condition, scope: Scope): (cells: Cells) => boolean {
  if ('empty' in condition) {
    const read = compileValue(condition.empty, scope)
    return (cells) => read(cells) === null
  }
  if ('filled' in condition) {
    const read = compileValue(condition.filled, scope)
    return (cells) => read(cells) !== null
  }
  if ('equal' in condition) {
    const [one, other] = condition.equal.map((inner) => compileValue(inner, scope))
    return (cells) => isEqual(one!(cells), other!(cells), scope.decimal)
  }
  const read = compileValue(condition.in, scope)
  return (cells) => {
    const text = read(cells)
    return text !== null && condition.contains.some((part) => text.includes(part))
  }
}

function isEqual(one: string | null, other: string | null, separator: '.' | ','): boolean {
  if (one === null || other === null) return one === other
  const [left, right] = [toPlainDecimal(one, separator), toPlainDecimal(other, separator)]
  return left !== null && right !== null ? equalDecimals(left, right) : one === other
}

/** The exact sum; what is empty adds nothing, what is no number is refused by name. */
function compileSum(values: readonly Value[], scope: Scope): Read {
  const parts = values.map((value) => ({ read: compileValue(value, scope), column: columnOf(value) ?? '' }))
  return (cells) => {
    const texts = parts.flatMap(({ read, column }) => {
      const text = read(cells)
      if (text === null) return []
      const plain = toPlainDecimal(text, scope.decimal)
      if (plain === null) throw new FieldError(column, `"${text.slice(0, 100)}" is no number`)
      return [plain]
    })
    return texts.length === 0 ? null : addDecimals(texts).replace('.', scope.decimal)
  }
}

function compileMoment(names: readonly string[], isLatest: boolean, scope: Scope): Read {
  const reads = names.map((name) => compileReferences(name, scope))
  return (cells) => {
    let best: { text: string; at: Date } | null = null
    for (const text of reads.flatMap((read) => read(cells))) {
      const at = scope.toInstant(text)
      if (at === null) throw new FieldError(names[0]!, `"${text.slice(0, 100)}" is no date or time`)
      if (best === null || (isLatest ? at > best.at : at < best.at)) best = { text, at }
    }
    return best?.text ?? null
  }
}

/** The first column that a value reads, to name in a refusal. */
export function columnOf(value: Value): string | null {
  if (typeof value === 'string') return value
  if ('optional' in value) return value.optional
  if ('template' in value) return /\{([^{}|]+)/.exec(value.template)?.[1] ?? null
  if ('firstOf' in value) return firstColumn(value.firstOf)
  if ('map' in value) return columnOf(value.from)
  if ('when' in value) return firstColumn(value.when.map((entry) => entry.use))
  if ('sum' in value) return firstColumn(value.sum)
  if ('latestOf' in value) return value.latestOf[0] ?? null
  if ('earliestOf' in value) return value.earliestOf[0] ?? null
  return 'count' in value ? value.count : null
}

const firstColumn = (values: readonly Value[]) => values.map(columnOf).find((name) => name !== null) ?? null
