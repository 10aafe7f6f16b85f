import { definePlugin } from 'entrepot/sdk'
import { rememberBasket } from './bundles.ts'
import { commands } from './commands.ts'
import { analyse } from './findings.ts'
import { stepProposal } from './kinds.ts'
import { panels } from './panels.ts'
import { proposeSteps } from './propose.ts'
import { refresh } from './refresh.ts'
import { routes } from './routes.ts'
import { settings } from './settings.ts'
import { tables } from './tables.ts'
import { textsZh } from './texts-zh.ts'

/** Finds goods that no longer earn their place, and takes them down a ladder of steps that can each be undone. */
export const slowSellers = definePlugin({
  id: 'slow-sellers',
  name: 'Slow sellers',
  texts: { 'zh-CN': textsZh },
  settings,
  tables,
  on: { 'order.imported': rememberBasket },
  jobs: [
    {
      id: 'nightly',
      cron: '30 2 * * *',
      run: async (context) => {
        await refresh(context)
        await analyse(context)
        await proposeSteps(context)
      },
    },
  ],
  proposals: {
    improve: stepProposal('improve'),
    reprice: stepProposal('reprice'),
    promote: stepProposal('promote'),
    bundle: stepProposal('bundle'),
    end: stepProposal('end'),
  },
  panels,
  routes,
  commands,
})
