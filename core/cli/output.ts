import { stderr, stdout } from 'node:process'
import { Presets, SingleBar } from 'cli-progress'
import { ConflictError, ConnectorError, InputError, NotFoundError } from '../sdk/errors.ts'

/** What each exit code means; also in the README. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  badInput: 2,
  notFound: 3,
  conflict: 4,
  platform: 5,
  needsAttention: 6,
} as const

/** Where a command writes: data to standard output, progress and messages to standard error. */
export type Output = {
  isJson: boolean
  /** One object for machines, or nothing. */
  json(value: unknown): void
  /** A line for people; nothing with --json. */
  line(text?: string): void
  table(rows: readonly Record<string, unknown>[], columns?: readonly string[]): void
  progress(label: string): Progress
}

/** Shows how far long work is: a bar on a terminal, a line now and then in a pipe, nothing with --json. */
export type Progress = { set(done: number, total: number | null, note?: string): void; end(): void }

export function createOutput(isJson: boolean): Output {
  return {
    isJson,
    json: (value) => {
      if (isJson) stdout.write(`${JSON.stringify(value)}\n`)
    },
    line: (text = '') => {
      if (!isJson) stdout.write(`${text}\n`)
    },
    table: (rows, columns = Object.keys(rows[0] ?? {})) => {
      if (!isJson) stdout.write(formatTable(rows, columns))
    },
    progress: (label) => (isJson ? silentProgress : stderr.isTTY ? barProgress(label) : lineProgress(label)),
  }
}

const silentProgress: Progress = { set() {}, end() {} }

function barProgress(label: string): Progress {
  const bar = new SingleBar(
    {
      format: `${label} {bar} {percentage}% {value}/{total} {note}`,
      hideCursor: true,
      stream: stderr,
      clearOnComplete: false,
    },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    set: (done, total, note = '') => {
      if (!isStarted) bar.start(total ?? done, done, { note })
      isStarted = true
      bar.setTotal(Math.max(total ?? done, 1))
      bar.update(done, { note })
    },
    end: () => bar.stop(),
  }
}

/** At most one line in this time, so that a log stays short. */
const lineEveryMs = 2000

function lineProgress(label: string): Progress {
  let last = 0
  let latest = ''
  let printed = ''
  const print = () => {
    if (latest !== printed) stderr.write(`${latest}\n`)
    printed = latest
  }
  return {
    set: (done, total, note = '') => {
      latest = `${label}: ${done}${total === null ? '' : ` of ${total}`}${note ? ` (${note})` : ''}`
      if (Date.now() - last < lineEveryMs) return
      last = Date.now()
      print()
    },
    end: print,
  }
}

/** Control characters would let a product title rewrite the terminal: they are shown, not obeyed. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be found.
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) =>
    char === '\n' || char === '\t' ? ' ' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )

function formatTable(rows: readonly Record<string, unknown>[], columns: readonly string[]): string {
  const cells = [
    columns.map(String),
    ...rows.map((row) =>
      columns.map((column) =>
        printable(row[column] === null || row[column] === undefined ? '' : String(row[column])),
      ),
    ),
  ]
  const widths = columns.map((_, index) => Math.min(80, Math.max(...cells.map((row) => row[index]!.length))))
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, index) => cell.padEnd(widths[index]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** Tells an error and returns the exit code that belongs to it. */
export function reportError(output: Output, error: unknown): number {
  const { code, name } = classify(error)
  const message = error instanceof Error ? error.message : String(error)
  const vendorMessage = error instanceof ConnectorError ? error.vendorMessage : undefined
  if (output.isJson)
    output.json({ error: { code: name, message, ...(vendorMessage ? { vendorMessage } : {}) } })
  else {
    stderr.write(`${printable(message)}\n`)
    if (vendorMessage && !message.includes(vendorMessage))
      stderr.write(`The platform says: ${printable(vendorMessage)}\n`)
  }
  return code
}

function classify(error: unknown): { code: number; name: string } {
  if (error instanceof InputError) return { code: exitCodes.badInput, name: 'bad_input' }
  if (error instanceof NotFoundError) return { code: exitCodes.notFound, name: 'not_found' }
  if (error instanceof ConflictError) return { code: exitCodes.conflict, name: 'conflict' }
  if (error instanceof ConnectorError) return { code: exitCodes.platform, name: error.kind }
  return { code: exitCodes.failed, name: 'failed' }
}
