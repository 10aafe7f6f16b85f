import { describeConnector } from 'entrepot/sdk/testing'
import { woocommerce } from '../../../connectors/woocommerce/index.ts'
import { createWooCommerceSandbox } from '../../../connectors/woocommerce/sandbox.ts'

describeConnector({
  connector: woocommerce,
  createSandbox: createWooCommerceSandbox,
  readme: new URL('../../../connectors/woocommerce/README.md', import.meta.url),
})
