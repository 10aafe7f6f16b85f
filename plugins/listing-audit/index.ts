import { definePlugin } from 'entrepot/sdk'
import { type AuditContext, auditAll } from './audit.ts'
import { auditChanges, auditOne } from './changes.ts'
import { commands } from './commands.ts'
import { delist } from './delist.ts'
import { findingsFor } from './findings.ts'
import { fix } from './fix.ts'
import { measureChanged } from './images/measure-changed.ts'
import { stopBlocked } from './last-word.ts'
import { panels } from './panels.ts'
import { routes } from './routes.ts'
import { settings } from './settings.ts'
import { tables } from './tables.ts'
import { textsZh } from './texts-zh.ts'

/** Judges listings by rules as data: before they leave, on every change and every night. */
export const listingAudit = definePlugin({
  id: 'listing-audit',
  name: 'Listing audit',
  texts: { 'zh-CN': textsZh },
  settings,
  tables,
  filter: { 'listing.push': stopBlocked },
  on: {
    'listing.published': ({ listingId }, context) => auditOne(context, listingId),
    'listing.refused': ({ listingId }, context) => auditOne(context, listingId),
  },
  jobs: [
    {
      id: 'changes',
      cron: '* * * * *',
      run: async (context) => void (await auditChanges(context)),
    },
    { id: 'images', cron: '30 1 * * *', run: async (context) => void (await measureChanged(context)) },
    {
      id: 'all',
      cron: '30 2 * * *',
      run: async (context: AuditContext) => void (await auditAll(context)),
    },
  ],
  routes,
  commands,
  panels,
  proposals: { fix, delist },
  findings: findingsFor,
})
