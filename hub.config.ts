import { amazon } from './connectors/amazon/index.ts'
import { dhlExpress } from './connectors/dhl-express/index.ts'
import { dhlParcelDe } from './connectors/dhl-parcel-de/index.ts'
import { kuaidi100 } from './connectors/kuaidi100/index.ts'
import { rateCard } from './connectors/rate-card/index.ts'
import { sfExpress } from './connectors/sf-express/index.ts'
import { ups } from './connectors/ups/index.ts'
import { usps } from './connectors/usps/index.ts'
import { woocommerce } from './connectors/woocommerce/index.ts'
import type { HubConfig } from './core/sync/hub.ts'
import { carrierCosts } from './plugins/carrier-costs/index.ts'
import { listingAudit } from './plugins/listing-audit/index.ts'
import { promotions } from './plugins/promotions/index.ts'
import { slowSellers } from './plugins/slow-sellers/index.ts'

/** What is installed in this hub. */
export default {
  connectors: [woocommerce, amazon, ups, usps, dhlExpress, dhlParcelDe, sfExpress, kuaidi100, rateCard],
  plugins: [carrierCosts, listingAudit, slowSellers, promotions],
  sandboxes: {
    woocommerce: async (options) =>
      (await import('./connectors/woocommerce/sandbox.ts')).createWooCommerceSandbox(options),
    amazon: async (options) => (await import('./connectors/amazon/sandbox.ts')).createAmazonSandbox(options),
  },
} satisfies HubConfig
