import { describeCourier } from 'entrepot/sdk/testing'
import { dhlParcelDe } from '../../../connectors/dhl-parcel-de/index.ts'
import { createDhlParcelDeSandbox } from '../../../connectors/dhl-parcel-de/sandbox.ts'

describeCourier({
  connector: dhlParcelDe,
  createSandbox: ({ clock }) => createDhlParcelDeSandbox({ clock }),
  readme: new URL('../../../connectors/dhl-parcel-de/README.md', import.meta.url),
  country: 'DE',
  isApiPath: (path) => !path.includes('/account/auth/'),
  liveSettings: [{}],
  unknownTrackingNumber: '00340434161094000000',
  unknownExternalId: '00340434161094000000',
})
