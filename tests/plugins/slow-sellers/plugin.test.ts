import { describePlugin } from '../../../core/sdk/testing/index.ts'
import { slowSellers } from '../../../plugins/slow-sellers/index.ts'
import { openPluginStage } from '../../support/plugin-stage.ts'

describePlugin(slowSellers, () => openPluginStage(slowSellers), {
  events: { 'order.imported': { orderId: 'ord_none', connectionId: 'con_none' } },
})
