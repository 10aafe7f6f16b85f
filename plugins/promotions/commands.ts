import { readFile, writeFile } from 'node:fs/promises'
import { InputError, type PluginCommand, parseInput } from 'entrepot/sdk'
import { campaignInput } from './campaign.ts'
import { withPhases } from './phases.ts'
import { proposeCampaign } from './propose.ts'
import { makeReport } from './report/make-report.ts'
import { reportPdf } from './report/report-pdf.ts'
import { reportXlsx } from './report/report-xlsx.ts'
import { look, stopByHand } from './routes.ts'
import type { Settings } from './settings.ts'
import { addCampaign, listCampaigns, readCampaign, signCampaign } from './store.ts'

const id = [{ name: 'id', description: 'the id of the campaign' }] as const

export const commands: readonly PluginCommand<Settings>[] = [
  {
    name: 'list',
    description: 'campaigns by their start',
    run: async (_input, context) =>
      (await withPhases(context, await listCampaigns(context.db))).map((campaign) => ({
        id: campaign.id,
        title: campaign.title,
        state: campaign.phase,
        starts: campaign.startsOn.toISOString(),
        ends: campaign.endsOn.toISOString(),
        owner: campaign.owner,
      })),
  },
  {
    name: 'add',
    description: 'plan a campaign that a JSON file describes',
    args: [{ name: 'file', description: 'as README.md of the plugin shows' }],
    run: async ({ args: [file], actor }, { db, services, clock }) => {
      const input = parseInput(campaignInput, parseJson(await readFile(file!, 'utf8'), file!))
      const added = await addCampaign(db, input, actor, clock.now())
      await services.audit({ actor, action: 'promotions.added', subject: added, after: input })
      return added
    },
  },
  {
    name: 'check',
    description: 'look at a campaign before it is proposed',
    args: id,
    run: async ({ args: [campaign] }, context) =>
      (await look(context, campaign!)).checks.map(({ title, status, message }) => ({
        check: title,
        status,
        message,
      })),
  },
  {
    name: 'simulate',
    description: 'what it would cost and bring, by what was sold lately',
    args: id,
    run: async ({ args: [campaign] }, context) => (await look(context, campaign!)).simulation.totals,
  },
  {
    name: 'sign',
    description: 'sign a campaign off as it is now',
    args: [...id, { name: 'role', description: 'for whom you sign, such as finance' }],
    options: [{ name: 'note', description: 'what you say to it', default: '' }],
    run: async ({ args: [campaign, role], options: { note }, actor }, { db, services, clock }) => {
      const { revision } = await readCampaign(db, campaign!)
      const signature = { role: role!, signedBy: actor, signedAt: clock.now(), note: note! }
      await signCampaign(db, { id: campaign!, revision, ...signature })
      await services.audit({ actor, action: 'promotions.signed', subject: campaign!, after: signature })
      return `Signed at revision ${revision}.`
    },
  },
  {
    name: 'propose',
    description: 'ask for the approval of a campaign',
    args: id,
    run: async ({ args: [campaign], actor }, context) =>
      `Proposed: ${await proposeCampaign(context, campaign!, actor)}`,
  },
  {
    name: 'stop',
    description: 'end all prices of a campaign now',
    args: [...id, { name: 'reason', description: 'why' }],
    run: async ({ args: [campaign, reason], actor }, context) =>
      `Stopped: ${await stopByHand(context, campaign!, { reason: reason! }, actor)}`,
  },
  {
    name: 'report',
    description: 'what a campaign did',
    args: id,
    options: [{ name: 'file', description: 'a .xlsx or .pdf to write it to' }],
    run: async ({ args: [campaign], options: { file } }, context) => {
      const report = await makeReport(context, campaign!)
      if (!file) return report
      if (!/\.(xlsx|pdf)$/.test(file)) throw new InputError(`"${file}" is neither .xlsx nor .pdf.`, 'file')
      await writeFile(file, file.endsWith('.pdf') ? await reportPdf(report) : await reportXlsx(report))
      return `Written to ${file}`
    },
  },
]

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(`${file} is no JSON.`, 'file')
  }
}
