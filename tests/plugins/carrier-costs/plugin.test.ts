import { describePlugin } from '../../../core/sdk/testing/index.ts'
import { carrierCosts } from '../../../plugins/carrier-costs/index.ts'
import { openPluginStage } from '../../support/plugin-stage.ts'

describePlugin(carrierCosts, () => openPluginStage(carrierCosts), {
  events: {
    'shipment.booked': { shipmentId: 'shp_none', orderId: null },
    'shipment.tracked': { shipmentId: 'shp_none', parcelId: 'pcl_none', state: 'in_transit' },
    'shipment.delivered': { shipmentId: 'shp_none', orderId: null },
  },
})
