import { definePlugin } from 'entrepot/sdk'
import { campaignProposal } from './apply-campaign.ts'
import { setAsideProposal } from './apply-set-aside.ts'
import { stopProposal } from './apply-stop.ts'
import { commands } from './commands.ts'
import { panels } from './panels.ts'
import { noteAllPrices } from './price-days.ts'
import { routes } from './routes.ts'
import { settings } from './settings.ts'
import { tables } from './tables.ts'
import { textsZh } from './texts-zh.ts'
import { watchCampaigns } from './watch.ts'

/** Campaigns: planned, checked, approved as a whole, switched by the hub, watched, and reported on. */
export const promotions = definePlugin({
  id: 'promotions',
  name: 'Promotions',
  texts: { 'zh-CN': textsZh },
  settings,
  tables,
  jobs: [
    { id: 'prices', cron: '7 * * * *', run: noteAllPrices },
    { id: 'watch', cron: '*/5 * * * *', run: watchCampaigns },
  ],
  proposals: { campaign: campaignProposal, stop: stopProposal, 'set-aside': setAsideProposal },
  routes,
  commands,
  panels,
})
