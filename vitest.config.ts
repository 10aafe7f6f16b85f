import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^entrepot\/sdk\/testing$/, replacement: at('./core/sdk/testing/index.ts') },
      { find: /^entrepot\/sdk$/, replacement: at('./core/sdk/index.ts') },
    ],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Against what hangs, not against what is slow: a command takes seconds to start on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
