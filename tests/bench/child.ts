import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

// biome-ignore lint/suspicious/noExplicitAny: the methods of any control.
export type Control = Record<string, (...args: any[]) => unknown>

type Request = { id: number; method: string; args: unknown[] }
type Reply = { id: number; result?: unknown; error?: string }

/** A program of the bench in a process of its own, so that it takes nothing from what is measured. */
export type Child<C extends Control> = {
  pid: number
  call<M extends keyof C & string>(method: M, ...args: Parameters<C[M]>): Promise<Awaited<ReturnType<C[M]>>>
  kill(): Promise<void>
}

/** In the child: answers the parent's calls from now on. */
export function serve(control: Control): void {
  process.on('message', async ({ id, method, args }: Request) => {
    try {
      process.send!({ id, result: await control[method]!(...args) } satisfies Reply)
    } catch (error) {
      process.send!({ id, error: error instanceof Error ? error.stack : String(error) } as Reply)
    }
  })
  process.on('disconnect', () => process.exit(0))
  process.send!({ id: 0 } satisfies Reply)
}

/** What the parent gave the child at its start. */
export const givenOptions = <Options>(): Options => JSON.parse(process.argv[2]!) as Options

/** Starts a program of this folder and waits until it serves. */
export async function startChild<C extends Control>(file: string, options: object): Promise<Child<C>> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = fork(path, [JSON.stringify(options)], {
    execArgv: process.execArgv.filter((flag) => !flag.startsWith('--cpu-prof')).concat(childFlags()),
  })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const served = new Promise<void>((resolve, reject) => {
    waiting.set(0, { resolve: () => resolve(), reject })
  })
  child.on('message', ({ id, result, error }: Reply) => {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) caller?.resolve(result)
    else caller?.reject(new Error(`${file}: ${error}`))
  })
  child.on('exit', (code) => {
    for (const caller of waiting.values()) caller.reject(new Error(`${file} ended with code ${code}`))
    waiting.clear()
  })
  await served
  let count = 0
  return {
    pid: child.pid!,
    call: (method, ...args) =>
      new Promise((resolve, reject) => {
        count += 1
        waiting.set(count, { resolve: resolve as (value: unknown) => void, reject })
        child.send({ id: count, method, args } satisfies Request)
      }),
    kill: () => kill(child),
  }
}

/** Flags for children only, such as --cpu-prof. */
const childFlags = (): string[] => process.env.BENCH_CHILD_FLAGS?.split(' ').filter(Boolean) ?? []

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}
