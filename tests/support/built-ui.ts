import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'admin-ui')

/** Builds the admin UI if a source is newer than what was built, so that browser tests never see yesterday's pages. */
export function buildUiIfStale(): void {
  const built = join(folder, 'dist/index.html')
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0
  const sources = ['index.html', 'vite.config.ts', ...filesBelow('src'), ...filesBelow('public')]
  if (sources.every((file) => statSync(join(folder, file)).mtimeMs <= builtAt)) return
  // As people get it: React's own development code is larger and slower.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit', env })
  if (status !== 0) throw new Error('The admin UI cannot be built; see above.')
}

const filesBelow = (below: string) =>
  readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
