import { amazon } from './connectors/amazon/index.ts'
import { woocommerce } from './connectors/woocommerce/index.ts'
import type { HubConfig } from './core/sync/hub.ts'
import { carrierCosts } from './plugins/carrier-costs/index.ts'

/** What is installed in this hub. */
export default {
  connectors: [woocommerce, amazon],
  plugins: [carrierCosts],
  sandboxes: {
    woocommerce: async (options) =>
      (await import('./connectors/woocommerce/sandbox.ts')).createWooCommerceSandbox(options),
    amazon: async (options) => (await import('./connectors/amazon/sandbox.ts')).createAmazonSandbox(options),
  },
} satisfies HubConfig
