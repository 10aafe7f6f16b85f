import { createRoute, z } from '@hono/zod-openapi'
import { asc, sql } from 'drizzle-orm'
import { bigint, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { answerCsv, csvAnswer } from '../../core/api/csv.ts'
import { answerErrors, createRouter } from '../../core/api/errors.ts'
import { csvQuery, listOf, listQuery, orderOf, searched, toListPage } from '../../core/api/list-query.ts'
import { serveApi } from '../../core/api/server.ts'
import { answer, refusals } from '../../core/api/shapes.ts'
import { countRows, type ListOrder, type ListSorts, mostCounted, readPage } from '../../core/db/keyset.ts'
import { silentLog } from '../../core/lib/log.ts'
import { useDatabase } from '../support/database.ts'

const things = pgTable('things', {
  shelf: text('shelf').notNull(),
  number: integer('number').notNull(),
  code: text('code').notNull(),
  nickname: text('nickname'),
  units: bigint('units', { mode: 'number' }).notNull(),
  seenAt: timestamp('seen_at', { withTimezone: true, mode: 'date' }),
})

const sorts = {
  by: {
    code: { by: things.code, type: 'text', isUnique: true },
    nickname: { by: things.nickname, type: 'text', isNullable: true },
    units: { by: things.units, type: 'bigint' },
    seen: { by: things.seenAt, type: 'timestamptz', isNullable: true },
  },
  keys: [
    { by: things.shelf, type: 'text' },
    { by: things.number, type: 'bigint' },
  ],
} satisfies ListSorts<string>
type Field = keyof typeof sorts.by
const fields = Object.keys(sorts.by) as Field[]
const columns = ['code', 'nickname', 'units', 'seen'] as const

describe('the kit of every list', () => {
  const database = useDatabase()
  const count = 40
  let failsAt = Number.POSITIVE_INFINITY

  const list = (order: ListOrder<Field>, q?: string) =>
    readPage(sorts, order, ({ place, where, orderBy, limit }) => {
      failsAt -= 1
      if (failsAt === 0) throw new Error('The disk is gone.')
      return database()
        .db.select({
          code: things.code,
          nickname: things.nickname,
          units: things.units,
          seenAt: things.seenAt,
          place,
        })
        .from(things)
        .where(q === undefined ? where : sql`${where} and ${things.code} like ${`%${q}%`}`)
        .orderBy(...orderBy)
        .limit(limit)
    })

  const item = z.object({ code: z.string() })
  const makeApp = () => {
    const router = createRouter()
    router.onError(answerErrors(silentLog))
    return router
      .openapi(
        createRoute({
          method: 'get',
          path: '/things',
          request: { query: listQuery(fields, 'code').extend({ q: searched }) },
          responses: { 200: answer(listOf(item), 'Things.'), ...refusals(400) },
        }),
        async (c) => {
          const query = c.req.valid('query')
          const page = toListPage(await list(orderOf(query), query.q), query)
          const limited = database()
            .db.select({ one: sql`1` })
            .from(things)
            .limit(mostCounted + 1)
          return c.json(
            { ...page, ...(query.count ? { count: await countRows(database().db, limited) } : {}) },
            200,
          )
        },
      )
      .openapi(
        createRoute({
          method: 'get',
          path: '/things.csv',
          request: { query: csvQuery(fields, 'code', columns).extend({ q: searched }) },
          responses: { 200: csvAnswer('Things.'), ...refusals(400) },
        }),
        (c) => {
          const query = c.req.valid('query')
          return answerCsv(c, {
            name: 'things',
            query,
            readPage: (order) => list(order, query.q),
            columns: {
              code: (row) => row.code,
              nickname: (row) => row.nickname,
              units: (row) => row.units,
              seen: (row) => row.seenAt,
            },
            log: silentLog,
          })
        },
      )
  }

  beforeAll(async () => {
    const { db } = database()
    await db.execute(
      sql`create table things (shelf text, number int, code text unique, nickname text, units bigint, seen_at timestamptz, primary key (shelf, number))`,
    )
    await db.execute(sql`create index things_nickname on things (nickname, shelf, number)`)
    await db.execute(sql`create index things_units on things (units, shelf, number)`)
    await db.execute(sql`create index things_seen on things (seen_at, shelf, number)`)
    await db.insert(things).values(
      Array.from({ length: count }, (_, n) => ({
        shelf: n % 2 === 0 ? 'B' : 'a',
        number: n,
        code: `${['=x', '箱', 'é', 'z"', '-9'][n % 5]}${n}`,
        nickname: n % 3 === 0 ? null : `n${n}`,
        units: n % 4,
        seenAt: n % 7 === 0 ? null : new Date(1_700_000_000_123 + (n % 6)),
      })),
    )
  })

  const app = makeApp()

  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape.
  const get = async (query: string): Promise<{ status: number; json: any }> => {
    const response = await app.request(`/things?${query}`)
    return { status: response.status, json: await response.json() }
  }
  const walk = async (sort: string, limit: number) => {
    const seen: { code: string }[] = []
    for (let after = ''; ; ) {
      const { json } = await get(
        `sort=${sort}&limit=${limit}${after && `&after=${encodeURIComponent(after)}`}`,
      )
      seen.push(...json.items)
      if (json.next === null) return seen
      after = json.next
    }
  }

  test('walked page by page a list is whole, each row once, in its order, whatever the order and the page', async () => {
    for (const field of fields)
      for (const sort of [field, `-${field}`]) {
        const whole = await walk(sort, 500)
        expect(new Set(whole.map(({ code }) => code)).size, sort).toBe(count)
        for (const limit of [1, 2, 7, 13])
          expect(await walk(sort, limit), `${sort} by ${limit}`).toEqual(whole)
      }
  })

  test('the order is that of PostgreSQL, rows without a value last both ways, equals by key', async () => {
    const rows = await database()
      .db.select()
      .from(things)
      .orderBy(sql`seen_at nulls last`, asc(things.shelf), asc(things.number))
    expect((await walk('seen', 3)).map(({ code }) => code)).toEqual(rows.map(({ code }) => code))
    const backwards = (await walk('-nickname', 3)) as { code: string; nickname: string | null }[]
    const lacking = backwards.filter(({ nickname }) => nickname === null)
    expect(backwards.slice(-lacking.length)).toEqual(lacking)
    const named = await database()
      .db.select({ nickname: things.nickname })
      .from(things)
      .where(sql`nickname is not null`)
      .orderBy(sql`nickname desc`)
    expect(backwards.slice(0, named.length).map(({ nickname }) => nickname)).toEqual(
      named.map(({ nickname }) => nickname),
    )
  })

  test('a row that goes between two pages costs no other one its place', async () => {
    const first = (await get('sort=units&limit=10')).json
    const last = first.items.at(-1)
    await database().db.execute(sql`update things set units = 9 where code = ${last.code}`)
    const second = (await get(`sort=units&limit=500&after=${first.next}`)).json
    const codes = [...first.items, ...second.items].map(({ code }: { code: string }) => code)
    expect(new Set(codes).size).toBe(count)
    await database().db.execute(sql`update things set units = ${last.units} where code = ${last.code}`)
  })

  test('a cursor that is garbled, of another order or of another shape is refused by its field', async () => {
    const made = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const { next } = (await get('sort=units&limit=1')).json
    const bad = [
      'x',
      `${next.slice(0, -3)}`,
      made(['units']),
      made(['units', '1', 'B']),
      made(['units', '1', 'B', '1', '2']),
      made(['units', 'one', 'B', '1']),
      made(['units', null, 'B', '1']),
      made(['units', '1', null, '1']),
      made(['units', '1', 'B', "1' or true"]),
      made(['units', '99999999999999999999', 'B', '1']),
      made(['units', 1, 'B', '1']),
      made({ units: 1 }),
      made(null),
    ]
    for (const after of bad) {
      const { status, json } = await get(`sort=units&after=${encodeURIComponent(after)}`)
      expect(status, after).toBe(400)
      expect(json.error, after).toMatchObject({ code: 'invalid_input', field: 'after' })
    }
    const elsewhere = await get(`sort=-units&after=${next}`)
    expect(elsewhere.json.error).toMatchObject({ field: 'after', message: expect.stringContaining('units') })
    expect((await get('sort=shelf')).json.error.field).toBe('sort')
    expect((await get(`sort=seen&after=${made(['seen', '2026-01-01', 'B', '1'])}`)).status).toBe(400)
  })

  test('rows are counted when asked for, and beyond the limit said to be more', async () => {
    expect((await get('limit=1')).json.count).toBeUndefined()
    expect((await get('limit=1&count=true')).json.count).toEqual({ rows: count, isMore: false })
    const many = sql`(select 1 from generate_series(1, ${mostCounted + 1}::int))`
    expect(await countRows(database().db, many)).toEqual({ rows: mostCounted, isMore: true })
  })

  test('every page is led to by an index, deep or not', async () => {
    const { db } = database()
    await db.execute(
      sql`insert into things select 'C', n, 'c' || n, case when n % 2 = 0 then 'm' || n end, n % 1000, case when n % 2 = 0 then to_timestamp(n) end from generate_series(1000, 30000) n`,
    )
    await db.execute(sql`analyze things`)
    try {
      for (const field of fields)
        for (const isDescending of [false, true])
          for (const after of deepPlaces[field]) {
            const order = { field, isDescending, after, limit: 20 }
            await readPage(sorts, order, async ({ place, where, orderBy, limit }) => {
              const statement = db
                .select({ code: things.code, place })
                .from(things)
                .where(where)
                .orderBy(...orderBy)
                .limit(limit)
              const plan = await db.transaction(async (tx) => {
                // What a larger table would make dear is forbidden here.
                await tx.execute(sql`set local enable_sort = off`)
                await tx.execute(sql`set local enable_bitmapscan = off`)
                return (await tx.execute(sql`explain ${statement.getSQL()}`)).map((row) => row['QUERY PLAN'])
              })
              const about = `${field} ${isDescending} ${after}\n${plan.join('\n')}`
              expect(plan.join('\n'), about).not.toMatch(/Seq Scan|Sort/)
              expect(plan.join('\n'), about).toMatch(/Index (Only )?Scan/)
              if (after) expect(plan.join('\n'), about).toContain('Index Cond')
              return statement
            })
          }
    } finally {
      await db.execute(sql`delete from things where shelf = 'C'`)
    }
  })

  test('the CSV has the rows and the order of the list, the columns asked for, and runs nothing', async () => {
    const lines = async (query: string) => {
      const response = await app.request(`/things.csv?${query}`)
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="things.csv"')
      const bytes = Buffer.from(await response.arrayBuffer())
      expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      return bytes.subarray(3).toString().split('\r\n')
    }
    const all = await lines('sort=-units')
    expect(all[0]).toBe('code,nickname,units,seen')
    expect(all.slice(1, -1).map((line) => line.split(',')[2])).toEqual(
      ((await walk('-units', 500)) as unknown as { units: number }[]).map(({ units }) => String(units)),
    )
    expect(await lines('columns=units,code&q=0')).toEqual(
      expect.arrayContaining(['units,code', "0,'=x0", "2,'=x10"]),
    )
    const refused = await app.request('/things.csv?columns=code,price')
    expect(refused.status).toBe(400)
    expect(((await refused.json()) as { error: object }).error).toMatchObject({
      field: 'columns',
      message: expect.stringContaining('"price"'),
    })
  })

  test('a CSV of many pages is whole, and one that fails half-way does not look whole', async () => {
    const { db } = database()
    await db.execute(
      sql`insert into things select 'C', n, 'c' || n, null, n, null from generate_series(1000, 4499) n`,
    )
    const running = await serveApi(app, { port: 0 })
    try {
      const whole = await (await fetch(`${running.url}/things.csv?sort=-code`)).text()
      const codes = whole.split('\r\n').slice(1, -1)
      expect(codes).toHaveLength(count + 3500)
      expect(new Set(codes).size).toBe(count + 3500)
      failsAt = 3
      const broken = await fetch(`${running.url}/things.csv`)
      expect(broken.status).toBe(200)
      await expect(broken.text()).rejects.toThrow()
    } finally {
      failsAt = Number.POSITIVE_INFINITY
      await running.close()
      await db.execute(sql`delete from things where shelf = 'C'`)
    }
  })
})

const at = '2023-11-14 22:13:20.123+00'
const deepPlaces: Record<Field, (readonly (string | null)[] | null)[]> = {
  code: [null, ['c2000']],
  nickname: [null, ['m2000', 'C', '2000'], [null, 'C', '2001']],
  units: [null, ['500', 'C', '1500']],
  seen: [null, [at, 'C', '1500'], [null, 'C', '2001']],
}
