#!/usr/bin/env node
// Runs the command under the Node.js that package.json pins, whatever Node.js started this file.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const node = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(`Node.js of this project is missing: run "npm ci" first. (${error.message})`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
