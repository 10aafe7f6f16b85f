import { describeCourier } from 'entrepot/sdk/testing'
import { rateCard } from '../../../connectors/rate-card/index.ts'

describeCourier({
  connector: rateCard,
  connection: {
    settings: {
      carrierName: 'Kurier Klein',
      numberPrefix: 'KK',
      services: [
        { code: 'day', name: 'Same day' },
        { code: 'next', name: 'Next day' },
      ],
    },
    credentials: {},
  },
  readme: new URL('../../../connectors/rate-card/README.md', import.meta.url),
  country: 'DE',
})
