import { describeCourier } from 'entrepot/sdk/testing'
import { simpleCourier } from './simple-courier/index.ts'
import { createSimpleCourierSandbox } from './simple-courier/sandbox.ts'

describeCourier({
  connector: simpleCourier,
  createSandbox: createSimpleCourierSandbox,
  readme: new URL('./simple-courier/README.md', import.meta.url),
  liveSettings: [{}],
})
