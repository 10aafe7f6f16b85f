import { sql } from 'drizzle-orm'
import { definePlugin, InputError } from 'entrepot/sdk'
import { Hono } from 'hono'

/** Keeps notes: a complete plugin, short enough to read in a sitting. */
export const shopNotes = definePlugin({
  id: 'shop-notes',
  name: 'Notes',
  tables: [
    {
      id: '0001',
      statements: `
        create table shop_notes_notes (id bigserial primary key, text text not null, colour text not null);
        create index shop_notes_colours on shop_notes_notes (colour);`,
    },
    { id: '0002', statements: 'alter table shop_notes_notes add column author text' },
  ],
  on: {
    'stock.changed': async ({ variantId }, { db }) => {
      await db.execute(
        sql`insert into shop_notes_notes (text, colour) values (${`${variantId} moved`}, 'grey')`,
      )
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
