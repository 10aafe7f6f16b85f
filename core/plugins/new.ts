import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConflictError } from '../sdk/errors.ts'
import { assertPlugins, prefixOf } from './check.ts'

/**
 * Writes the skeleton of a plugin: what it declares, its README and a test. Returns the files.
 * @throws InputError for an id that is none, ConflictError when one of the files is there already
 */
export async function writePlugin({
  id,
  name = titleOf(id),
  root,
}: {
  id: string
  name?: string | undefined
  /** The project: what holds `plugins` and `tests`. */
  root: string
}): Promise<string[]> {
  assertPlugins([{ id, name }])
  const files = {
    [`plugins/${id}/index.ts`]: indexOf(id, name),
    [`plugins/${id}/README.md`]: readmeOf(id, name),
    [`tests/plugins/${id}/plugin.test.ts`]: testOf(id),
  }
  const written: string[] = []
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw new ConflictError(`${path} is there already: it was left as it is.`)
      throw error
    })
    written.push(path)
  }
  return written
}

const titleOf = (id: string): string => `${id[0]?.toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`
const nameOf = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const indexOf = (id: string, name: string): string => `import { sql } from 'drizzle-orm'
import { definePlugin } from 'entrepot/sdk'
import { z } from 'zod'

const settings = z.object({
  isOn: z.boolean().default(true).meta({ title: 'Count orders', description: 'Whether orders are counted.' }),
})

/** ${name}. See README.md. */
export const ${nameOf(id)} = definePlugin({
  id: '${id}',
  name: '${name}',
  settings,
  tables: [
    {
      id: '0001',
      statements: 'create table ${prefixOf(id)}seen (order_id text primary key, seen_at timestamptz not null)',
    },
  ],
  on: {
    'order.imported': async ({ orderId }, context) => {
      const { isOn } = await context.settings()
      if (!isOn) return
      // It may be told twice.
      await context.db.execute(sql\`
        insert into ${prefixOf(id)}seen values (\${orderId}, \${context.clock.now().toISOString()}) on conflict do nothing\`)
    },
  },
  panels: [
    {
      id: 'overview',
      title: '${name}',
      slot: 'page',
      read: async (_input, { db }) => {
        const [row] = [...(await db.execute(sql\`select count(*)::int as count from ${prefixOf(id)}seen\`))]
        return {
          blocks: [
            {
              kind: 'figures',
              figures: [
                { label: 'Orders seen', value: Number(row?.count ?? 0), unit: 'count', because: 'One for each order imported since it was switched on.' },
              ],
            },
          ],
        }
      },
    },
  ],
})
`

const readmeOf = (id: string, name: string): string => `# ${name}

What it does for the business, in a sentence or two.

## Settings

\`entrepot plugin show ${id}\` lists them; \`entrepot plugin set ${id} isOn=false\` changes one.

## What it keeps

\`${prefixOf(id)}seen\`: the orders it was told of.
`

const testOf = (id: string): string => `import { ${nameOf(id)} } from '../../../plugins/${id}/index.ts'
import { describePlugin } from '../../../core/sdk/testing/index.ts'
import { openPluginStage } from '../../support/plugin-stage.ts'

describePlugin(${nameOf(id)}, () => openPluginStage(${nameOf(id)}), {
  events: { 'order.imported': { orderId: 'ord_1', connectionId: 'con_1' } },
})
`
