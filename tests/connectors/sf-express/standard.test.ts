import { describeCourier } from 'entrepot/sdk/testing'
import { sfExpress } from '../../../connectors/sf-express/index.ts'
import { createSfExpressSandbox } from '../../../connectors/sf-express/sandbox.ts'

describeCourier({
  connector: sfExpress,
  createSandbox: createSfExpressSandbox,
  readme: new URL('../../../connectors/sf-express/README.md', import.meta.url),
  country: 'CN',
  // SF is told the weight of all parcels only, so its books know each one's where they weigh the same.
  booking: (plain) => ({
    ...plain,
    parcels: plain.parcels.map((parcel) => ({ ...parcel, weightGrams: 1530 })),
  }),
  liveSettings: [{ partnerId: 'SANDBOX01' }],
  maxParcels: 5,
  incident: 'customs_hold',
  unknownTrackingNumber: 'SF9999999999999',
  unknownExternalId: 'SF9999999999999',
})
