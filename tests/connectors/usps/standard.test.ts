import { describeCourier } from 'entrepot/sdk/testing'
import { usps } from '../../../connectors/usps/index.ts'
import { createUspsSandbox, isUspsWrite } from '../../../connectors/usps/sandbox.ts'

const live = { crid: '12345678', mid: '123456', manifestMid: '123456' }

describeCourier({
  connector: usps,
  createSandbox: createUspsSandbox,
  readme: new URL('../../../connectors/usps/README.md', import.meta.url),
  liveSettings: [live, { ...live, endpoint: 'https://apis-tem.usps.com' }],
  isApiPath: (path) => !path.startsWith('/oauth2/') && !path.startsWith('/payments/v3/payment-authorization'),
  isWriteCall: ({ method, path }) => isUspsWrite(method, path),
  unknownTrackingNumber: '9400000000000000000000',
  unknownExternalId: '9234690361980999999999',
})
