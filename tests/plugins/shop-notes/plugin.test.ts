import { describePlugin } from '../../../core/sdk/testing/index.ts'
import { openPluginStage } from '../../support/plugin-stage.ts'
import { shopNotes } from './index.ts'

describePlugin(shopNotes, () => openPluginStage(shopNotes), {
  events: { 'stock.changed': { variantId: 'var_1', warehouseId: 'whs_1' } },
})
