import { trackingStates } from 'entrepot/sdk'
import { describeCourier } from 'entrepot/sdk/testing'
import { dhlExpress } from '../../../connectors/dhl-express/index.ts'
import { createDhlExpressSandbox } from '../../../connectors/dhl-express/sandbox.ts'

describeCourier({
  connector: dhlExpress,
  createSandbox: createDhlExpressSandbox,
  readme: new URL('../../../connectors/dhl-express/README.md', import.meta.url),
  liveSettings: ['production', 'test'].map((environment) => ({
    environment,
    accountNumber: '123456789',
    currency: 'EUR',
  })),
  isWriteCall: ({ method, path }) => method === 'POST' && path.endsWith('/shipments'),
  country: 'DE',
  // Within Germany neither of the services for goods abroad is sold.
  booking: (booking) => ({ ...booking, service: 'N' }),
  scannable: trackingStates.filter((state) => state !== 'returning'),
  unknownTrackingNumber: 'JD019999999999999999',
})
