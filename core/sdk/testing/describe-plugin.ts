import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { panelContent } from '../panel.ts'
import type { HubEvent, HubEvents, PluginContext, PluginDefinition } from '../plugin.ts'

/** A hub on a database of its own that has only this plugin installed, its tables made. */
export type PluginStage = {
  context: PluginContext
  /** Names of the tables that the plugin's migrations made. */
  ownTables(): Promise<string[]>
  /** A fingerprint of all rows: of the plugin's tables, or of the hub's apart from its logs and settings. */
  fingerprint(of: 'plugin' | 'hub'): Promise<string>
  setEnabled(isEnabled: boolean): Promise<void>
  /** Tells the hub of a fact, as the commit of one does, and lets the plugin take its deliveries. */
  deliver<E extends HubEvent>(event: E, data: HubEvents[E]): Promise<void>
  close(): Promise<void>
}

/** What the suite gives the plugin to chew on. */
export type PluginSamples = {
  /** One fact for each event that the plugin listens to; ids that the stage knows make the better test. */
  events?: { [E in HubEvent]?: HubEvents[E] }
}

/**
 * The standard suite of a plugin: its settings have defaults and titles, its tables its prefix, handlers and jobs may
 * run twice, panels say what the UI can draw, and switching it off leaves the hub whole.
 */
export function describePlugin(
  plugin: PluginDefinition,
  open: () => Promise<PluginStage>,
  samples: PluginSamples = {},
): void {
  const on = (work: (stage: PluginStage) => Promise<void>) => async () => {
    const stage = await open()
    try {
      await work(stage)
    } finally {
      await stage.close()
    }
  }
  describe(`the plugin ${plugin.id}`, () => {
    describeSettings(plugin)
    test(
      'makes tables of its own prefix only',
      on(async (stage) => {
        const prefix = `${plugin.id.replaceAll('-', '_')}_`
        const tables = await stage.ownTables()
        expect(tables.filter((name) => !name.startsWith(prefix))).toEqual([])
        if (plugin.tables?.length) expect(tables.length).toBeGreaterThan(0)
      }),
    )
    for (const event of Object.keys(plugin.on ?? {}) as HubEvent[])
      test(
        `bears ${event} twice, and hears nothing of it when switched off`,
        on((stage) => tellTwice(stage, event, samples)),
      )
    for (const job of plugin.jobs ?? [])
      test(
        `may run its job ${job.id} twice`,
        on(async (stage) => {
          await job.run(stage.context)
          const once = await stage.fingerprint('plugin')
          await job.run(stage.context)
          expect(await stage.fingerprint('plugin')).toBe(once)
        }),
      )
    for (const panel of plugin.panels ?? [])
      test(
        `says in its panel ${panel.id} what the UI can draw, also when there is nothing yet`,
        on(async (stage) => {
          const isAlone = panel.slot === 'page' || panel.slot === 'overview'
          const said = await panel.read({ subject: isAlone ? null : 'none', query: {} }, stage.context)
          expect(panelContent.safeParse(said).error?.issues ?? []).toEqual([])
        }),
      )
    test(
      'leaves the hub whole when it is switched off and on again',
      on(async (stage) => {
        const before = [await stage.fingerprint('hub'), await stage.fingerprint('plugin')]
        await stage.setEnabled(false)
        expect([await stage.fingerprint('hub'), await stage.fingerprint('plugin')]).toEqual(before)
        await stage.setEnabled(true)
        expect([await stage.fingerprint('hub'), await stage.fingerprint('plugin')]).toEqual(before)
      }),
    )
  })
}

async function tellTwice(stage: PluginStage, event: HubEvent, samples: PluginSamples): Promise<void> {
  const data = samples.events?.[event]
  if (!data) throw new Error(`Give describePlugin a sample of "${event}": the plugin listens to it.`)
  const tell = () => stage.deliver(event, data as never)
  const untold = await stage.fingerprint('plugin')
  await stage.setEnabled(false)
  await tell()
  expect(await stage.fingerprint('plugin')).toBe(untold)
  await stage.setEnabled(true)
  await tell()
  const once = await stage.fingerprint('plugin')
  await tell()
  expect(await stage.fingerprint('plugin')).toBe(once)
}

type Form = { properties?: Record<string, { title?: string; default?: unknown }> }

function describeSettings({ settings }: PluginDefinition): void {
  if (!settings) return
  test('has a default and a title for every setting, so that it works unconfigured', () => {
    expect(settings.safeParse({}).error?.issues ?? []).toEqual([])
    const form = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) as Form
    const fields = Object.entries(form.properties ?? {})
    expect(fields.filter(([, field]) => !field.title).map(([name]) => name)).toEqual([])
    expect(fields.filter(([, field]) => field.default === undefined).map(([name]) => name)).toEqual([])
  })
  test('refuses settings that are none', () => {
    expect(settings.safeParse('nothing of the kind').success).toBe(false)
  })
}
