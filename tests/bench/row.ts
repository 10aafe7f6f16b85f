import type { Server } from './server.ts'

/** One measured figure: against a floor of the same run where there is one, and always against its bar. */
export type Row = {
  name: string
  measured: number
  unit: string
  /** The least that the task could take here; null where the bar is absolute. */
  floor: number | null
  /** The floor's share of what was measured: 1 is perfect. */
  ratio: number | null
  bar: string
  ok: boolean
}

/** What a figure measures with. */
export type Bench = {
  server: Server
  /** Says on standard error what is being done. */
  note(text: string): void
}

/** A group of rows that are measured together. */
export type Figure = { name: string; measure(bench: Bench): Promise<Row[]> }

const round = (value: number): number => Number(value.toPrecision(4))

/** A duration of which the floor must be at least the share `bar`. */
export function ofFloor(name: string, measured: number, floor: number, bar: number, unit = 's'): Row {
  const ratio = floor / measured
  return {
    name,
    measured: round(measured),
    unit,
    floor: round(floor),
    ratio: round(ratio),
    bar: `ratio >= ${bar}`,
    ok: ratio >= bar,
  }
}

export const atMost = (name: string, measured: number, bar: number, unit: string): Row => ({
  name,
  measured: round(measured),
  unit,
  floor: null,
  ratio: null,
  bar: `<= ${bar}`,
  ok: measured <= bar,
})

export const atLeast = (name: string, measured: number, bar: number, unit: string): Row => ({
  ...atMost(name, measured, bar, unit),
  bar: `>= ${bar}`,
  ok: measured >= bar,
})

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
