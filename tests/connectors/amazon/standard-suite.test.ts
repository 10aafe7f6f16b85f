import { describeConnector } from 'entrepot/sdk/testing'
import { amazon } from '../../../connectors/amazon/index.ts'
import { createAmazonSandbox } from '../../../connectors/amazon/sandbox.ts'

const live = { marketplaceId: 'M', sellerId: 'S', currency: 'EUR', locale: 'de', languageTag: 'de_DE' }

describeConnector({
  connector: amazon,
  createSandbox: createAmazonSandbox,
  readme: new URL('../../../connectors/amazon/README.md', import.meta.url),
  unknownExternalId: 'SKU-UNKNOWN',
  carrier: 'DHL',
  liveSettings: ['na', 'eu', 'fe'].map((region) => ({ region, ...live })),
  isApiPath: (path) => !path.startsWith('/auth/') && !path.startsWith('/store/'),
  isWriteCall: ({ method, path }) => method !== 'GET' && !path.startsWith('/feeds/2021-06-30/documents'),
})
