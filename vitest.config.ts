import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** nock alters every request of its process. */
const alone = ['tests/connectors/woocommerce/client.test.ts']

export default defineConfig({
  resolve: {
    alias: [
      { find: /^entrepot\/sdk\/testing$/, replacement: at('./core/sdk/testing/index.ts') },
      { find: /^entrepot\/sdk$/, replacement: at('./core/sdk/index.ts') },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['tests/**/*.test.ts'],
          exclude: alone,
          globalSetup: ['tests/support/global-setup.ts'],
          // Loading the hub anew for each file would take a third of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    // Against what hangs, not against what is slow: a command takes seconds to start on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
