import { type ResolveFnOutput, registerHooks } from 'node:module'

const inDrizzle = /\/node_modules\/drizzle-orm\//
const drizzle = new Map<string, ResolveFnOutput>()

/**
 * The package.json of drizzle-orm has 180 kB, and Node.js reads and parses it again for each of its hundred files and
 * for each import of it: half of the time that a command takes to start.
 * @see https://nodejs.org/api/module.html#moduleregisterhooksoptions
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context
    if (parentURL && specifier.startsWith('.') && inDrizzle.test(parentURL))
      return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
    if (!specifier.startsWith('drizzle-orm')) return next(specifier, context)
    const found = drizzle.get(specifier) ?? next(specifier, context)
    drizzle.set(specifier, found)
    return { ...found, shortCircuit: true }
  },
})

await import('./program.ts')
