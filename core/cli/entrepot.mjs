#!/usr/bin/env node
// Runs the command under the Node.js that package.json pins, whatever Node.js started this file.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const node = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const cache = fileURLToPath(new URL('../../node_modules/.cache/entrepot', import.meta.url))
// Node.js lets the young generation grow to some 150 MB that an idle hub never gives back.
const flags = ['--max-semi-space-size=16']
const child = spawn(node, [...flags, main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: cache, ...process.env },
})
// Ctrl-C reaches both processes by itself; a signal to this one alone is passed on.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('error', (error) => {
  console.error(`Node.js of this project is missing: run "npm ci" first. (${error.message})`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
