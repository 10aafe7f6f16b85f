import { sql } from 'drizzle-orm'
import { InputError, NotFoundError, type PluginContext, type PluginDb } from 'entrepot/sdk'
import { z } from 'zod'
import { genericProfile, type InvoiceProfile, invoiceProfile } from './profile.ts'
import { parseInput, rows } from './rows.ts'

export type InvoiceSettings = {
  /** Differences up to it are let pass: minor units of whatever currency. */
  toleranceMinor: number
  /** How long after an invoice it can be disputed, where no contract says it. */
  disputeDays: number
}

export async function readSettings(db: Pick<PluginDb, 'execute'>): Promise<InvoiceSettings> {
  const [row] = await rows<InvoiceSettings>(
    db,
    sql`select tolerance_minor as "toleranceMinor", dispute_days as "disputeDays" from carrier_costs_invoice_settings`,
  )
  return row!
}

const settings = z.strictObject({
  toleranceMinor: z.int().min(0).max(1_000_000),
  disputeDays: z.int().min(1).max(730),
})

/** Changes the settings; differences are judged by them at the next check. @throws InputError */
export async function saveSettings(
  context: PluginContext,
  value: unknown,
  actor: string,
): Promise<InvoiceSettings> {
  const before = await readSettings(context.db)
  const after = parseInput(settings, { ...before, ...(value as object) }, 'The settings')
  await context.db.execute(
    sql`update carrier_costs_invoice_settings set tolerance_minor = ${after.toleranceMinor}, dispute_days = ${after.disputeDays}`,
  )
  const entry = { actor, action: 'carrier-costs.invoice-settings.saved', subject: 'invoice settings' }
  await context.services.audit({ ...entry, before, after })
  return after
}

/** @throws NotFoundError */
export async function readProfile(db: PluginDb, name: string): Promise<InvoiceProfile> {
  const found = (await listProfiles(db)).find((profile) => profile.name === name)
  if (!found) throw new NotFoundError(`There is no invoice profile "${name}".`)
  return found
}

export async function listProfiles(db: PluginDb): Promise<InvoiceProfile[]> {
  const stored = await rows<{ profile: unknown }>(
    db,
    sql`select profile from carrier_costs_invoice_profiles order by name`,
  )
  return [genericProfile, ...stored.map(({ profile }) => invoiceProfile.parse(profile))]
}

/** Saves a profile under its name. @throws InputError */
export async function saveProfile(
  { db, clock, services }: PluginContext,
  value: unknown,
  actor: string,
): Promise<InvoiceProfile> {
  const profile = parseInput(invoiceProfile, value, 'The profile')
  if (profile.name === genericProfile.name)
    throw new InputError('The profile "generic" cannot be changed: give yours another name.', 'name')
  const [before] = await rows<{ profile: unknown }>(
    db,
    sql`select profile from carrier_costs_invoice_profiles where name = ${profile.name}`,
  )
  await db.execute(sql`
    insert into carrier_costs_invoice_profiles values
      (${profile.name}, ${JSON.stringify(profile)}::jsonb, ${actor}, ${clock.now().toISOString()}::timestamptz)
    on conflict (name) do update set profile = excluded.profile, changed_by = excluded.changed_by, changed_at = excluded.changed_at`)
  const entry = { actor, action: 'carrier-costs.invoice-profile.saved', subject: profile.name }
  await services.audit({ ...entry, before: before?.profile ?? null, after: profile })
  return profile
}
