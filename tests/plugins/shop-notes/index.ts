import { sql } from 'drizzle-orm'
import { ConflictError, definePlugin, InputError } from 'entrepot/sdk'
import { Hono } from 'hono'
import { z } from 'zod'

/** Keeps notes: a complete plugin, short enough to read in a sitting. */
export const shopNotes = definePlugin({
  id: 'shop-notes',
  name: 'Notes',
  texts: {
    'zh-CN': {
      Notes: '便签',
      'All notes': '全部便签',
      Note: '内容',
      'No note was written yet.': '还没有便签。',
      'Watch stock': '记录库存变动',
    },
  },
  tables: [
    {
      id: '0001',
      statements: `
        create table shop_notes_notes (id bigserial primary key, text text not null, colour text not null);
        create index shop_notes_colours on shop_notes_notes (colour);`,
    },
    { id: '0002', statements: 'alter table shop_notes_notes add column author text' },
    {
      id: '0003',
      statements: `create unique index shop_notes_once on shop_notes_notes (text) where colour = 'grey'`,
    },
  ],
  settings: z.object({
    isWatching: z
      .boolean()
      .default(true)
      .meta({ title: 'Watch stock', description: 'Whether movements are noted.' }),
    sign: z.string().max(20).default('').meta({ title: 'Sign', description: 'Stands before titles.' }),
    leastPriceMinor: z.int().min(0).default(0).meta({
      title: 'Least price',
      description: 'In minor units of the connection; lower prices stay here.',
    }),
  }),
  on: {
    'stock.changed': async ({ variantId }, { db, settings }) => {
      if (!(await settings()).isWatching) return
      await db.execute(
        sql`insert into shop_notes_notes (text, colour) values (${`${variantId} moved`}, 'grey') on conflict do nothing`,
      )
    },
  },
  filter: {
    'listing.push': (content, _about, { sign }) => ({ ...content, title: `${sign}${content.title}` }),
    'price.push': (price, { sku }, { leastPriceMinor }) => {
      if (price.minor < leastPriceMinor) throw new Error(`${sku} is too cheap.`)
      return price
    },
  },
  findings: async (listingIds) =>
    listingIds.map((listingId) => ({
      listingId,
      severity: 'info',
      isBlocking: false,
      field: 'title',
      message: 'It has no note.',
    })),
  panels: [
    {
      id: 'notes',
      title: 'Notes',
      slot: 'page',
      read: async (_input, { db }) => ({
        blocks: [
          {
            kind: 'table',
            title: 'All notes',
            columns: [{ key: 'text', label: 'Note' }],
            rows: [
              ...(await db.execute<{ text: string }>(sql`select text from shop_notes_notes order by id`)),
            ],
            empty: 'No note was written yet.',
          },
        ],
      }),
    },
  ],
  proposals: {
    conflict: {
      payload: z.object({}),
      apply: async () => {
        throw new ConflictError('Somebody was first.')
      },
    },
    rename: {
      payload: z.object({ productId: z.string(), title: z.string().min(1) }),
      apply: async ({ productId, title }, { actions, db, actor }) => {
        await db.execute(
          sql`insert into shop_notes_notes (text, colour, author) values (${`Renamed ${productId}`}, 'white', ${actor})`,
        )
        return actions.editProduct({ productId, title: { en: title } })
      },
      undo: async (before, { actions }) => {
        await actions.editProduct(before)
      },
    },
  },
  jobs: [
    {
      id: 'tidy',
      cron: '0 * * * *',
      run: async ({ db }) => {
        await db.execute(sql`delete from shop_notes_notes where colour = 'grey'`)
      },
    },
  ],
  routes: ({ db }) =>
    new Hono()
      .get('/notes', async (c) => c.json([...(await db.execute(sql`select text from shop_notes_notes`))]))
      .post('/notes', async (c) => {
        const { text } = await c.req.json<{ text: string }>()
        if (text === '') throw new InputError('A note needs a text.', 'text')
        await db.execute(sql`insert into shop_notes_notes (text, colour) values (${text}, 'white')`)
        return c.json({ ok: true }, 201)
      })
      .get('/crash', async () => {
        await db.execute(sql`select ${'secret-value'}::integer + nonsense`)
        return new Response()
      }),
  commands: [
    {
      name: 'add',
      description: 'write notes down',
      args: [{ name: 'texts', description: 'one note each', isMany: true }],
      options: [
        { name: 'ink-colour', description: 'the colour', default: 'blue' },
        { name: 'author', description: 'who wrote it' },
      ],
      run: async ({ args, options, actor }, { db, services, progress }) => {
        for (const [index, text] of args.entries()) {
          if (text === 'nothing') throw new InputError('That is no note.', 'texts')
          await db.execute(
            sql`insert into shop_notes_notes (text, colour, author) values (${text}, ${options['ink-colour']}, ${options.author ?? null})`,
          )
          progress(index + 1, args.length, text)
        }
        await services.audit({ actor, action: 'shop-notes.added', subject: 'notes', after: { args } })
        return `${args.length} written`
      },
    },
    {
      name: 'list',
      description: 'show the notes',
      run: async (_input, { db }) => [
        ...(await db.execute(sql`select text, colour, author from shop_notes_notes order by id`)),
      ],
    },
  ],
})
