import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** After `npm ci` the admin UI is built, unless the packages that build it were left out with --omit=dev. */
const root = fileURLToPath(new URL('..', import.meta.url))
if (existsSync(`${root}/node_modules/vite`)) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: true,
    // React's own development code is larger and slower.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  process.exit(status ?? 1)
}
console.log(
  'The admin UI is not built: the packages for it were left out. Its built files in admin-ui/dist are served if they are there.',
)
