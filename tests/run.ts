import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Everything that must hold before a change is taken: format and lint, types, layer rules, unused code, then
 * all tests. The last line counts them: each check is one, each test is one.
 */
const checks: readonly { name: string; command: string; args: readonly string[] }[] = [
  { name: 'format and lint', command: 'biome', args: ['check', '.'] },
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'types of the admin UI', command: 'tsc', args: ['--noEmit', '-p', 'admin-ui'] },
  {
    name: 'layer rules',
    command: 'depcruise',
    args: [
      '--config',
      '.dependency-cruiser.mjs',
      'core',
      'connectors',
      'plugins',
      'admin-ui',
      'hub.config.ts',
    ],
  },
  { name: 'unused code', command: 'knip', args: [] },
]

let passed = 0
let failed = 0
const program = (name: string) => join('node_modules', '.bin', name)

for (const { name, command, args } of checks) {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(program(command), args, { stdio: 'inherit' })
  if (status === 0) passed += 1
  else failed += 1
}

const folder = mkdtempSync(join(tmpdir(), 'entrepot-test-report-'))
const report = join(folder, 'report.json')
console.log('\n== tests')
const filters = process.argv.slice(2)
const vitest = spawnSync(
  program('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile=${report}`, ...filters],
  { stdio: 'inherit' },
)
let skipped = 0
if (existsSync(report)) {
  const counts = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numFailedTestSuites: number
  }
  passed += counts.numPassedTests
  failed += counts.numFailedTests
  skipped = counts.numPendingTests
}
// A file that cannot be loaded, or a run that was killed, counts as a failure although no test of it ran.
if (vitest.status !== 0 && failed === 0) failed += 1
rmSync(folder, { recursive: true })
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 ? 0 : 1)
