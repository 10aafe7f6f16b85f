import { describePlugin } from '../../../core/sdk/testing/index.ts'
import { listingAudit } from '../../../plugins/listing-audit/index.ts'
import { openPluginStage } from '../../support/plugin-stage.ts'

const listing = { listingId: 'lst_1', connectionId: 'con_1' }
describePlugin(listingAudit, () => openPluginStage(listingAudit), {
  events: { 'listing.published': listing, 'listing.refused': { ...listing, aspect: 'content' } },
})
