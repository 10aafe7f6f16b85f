import { describeConnector } from 'entrepot/sdk/testing'
import { simpleShop } from './simple-shop/index.ts'
import { createSimpleSandbox } from './simple-shop/sandbox.ts'

describeConnector({
  connector: simpleShop,
  createSandbox: createSimpleSandbox,
  readme: new URL('./simple-shop/README.md', import.meta.url),
  unknownExternalId: 'listing-999999',
})
