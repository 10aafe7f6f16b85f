import { trackingStates } from 'entrepot/sdk'
import { describeCourier } from 'entrepot/sdk/testing'
import { kuaidi100 } from '../../../connectors/kuaidi100/index.ts'
import { createKuaidi100Sandbox } from '../../../connectors/kuaidi100/sandbox.ts'

describeCourier({
  connector: kuaidi100,
  createSandbox: createKuaidi100Sandbox,
  readme: new URL('../../../connectors/kuaidi100/README.md', import.meta.url),
  country: 'CN',
  liveSettings: [{}],
  scannable: trackingStates.filter((state) => state !== 'lost'),
  trackingNumber: (n) => `YT${String(n).padStart(13, '0')}`,
  trackingRef: (ref) => ({ ...ref, carrier: 'yuantong' }),
  unknownTrackingNumber: 'YT9999999999999',
  webhookProof: 'body signature',
})
