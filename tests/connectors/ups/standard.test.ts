import { describeCourier } from 'entrepot/sdk/testing'
import { ups } from '../../../connectors/ups/index.ts'
import { createUpsSandbox, isWrite } from '../../../connectors/ups/sandbox.ts'

const live = { accountNumber: 'A1B2C3', originCountry: 'US', currency: 'USD' }

describeCourier({
  connector: ups,
  createSandbox: ({ clock }) => createUpsSandbox({ clock, originCountry: 'DE', currency: 'EUR' }),
  readme: new URL('../../../connectors/ups/README.md', import.meta.url),
  country: 'DE',
  liveSettings: [live, { ...live, environment: 'test' }],
  isApiPath: (path) => path.startsWith('/api/'),
  isWriteCall: ({ method, path }) => isWrite(method, path),
  unknownTrackingNumber: '1Z999AA10123456784',
  unknownExternalId: '1Z999AA10123456784',
  webhookProof: 'header credential',
})
