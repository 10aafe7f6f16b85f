import { sql } from 'drizzle-orm'
import { createApi } from '../../core/api/app.ts'
import type { Queue } from '../../core/sync/queue.ts'
import { withKey } from '../support/callers.ts'
import { createBenchHub } from './hub.ts'
import { fillLists } from './lists-catalogue.ts'
import { atMost, type Bench, type Figure, quantile, type Row } from './row.ts'
import { settleDown } from './server.ts'

const listings = 1_000_000
const mostMs = 200
const samples = 15

/** Each list with what it may be asked: `*` stands for the sample's number, so that no two ask the same. */
export const questions: Readonly<Record<string, readonly string[]>> = {
  products: [
    '',
    'sort=-key',
    'sort=updated',
    'sort=-updated',
    'q=s050*',
    'q=red%20shirt',
    'q=40000000500*',
    `q=${encodeURIComponent('连衣裙')}`,
    `q=${encodeURIComponent('裙')}`,
    `q=${encodeURIComponent('蓝色 台灯')}&sort=-updated`,
    'q=number%2012*',
    'q=nothing%20like%20it*',
    'q=qx',
    'categoryId=cat_5*',
    'categoryId=cat_5*&sort=-updated',
    'brand=Brand%2019*',
    'brand=Brand%2019*&sort=-updated',
    'listedOn=con_a',
    'listedOn=con_d',
    'listedOn=con_d&sort=-updated',
    'notListedOn=con_a',
    'notListedOn=con_d',
    'hasProblem=true',
    'hasProblem=false&sort=-updated',
    'q=shirt&categoryId=cat_5*&listedOn=con_b',
  ],
  listings: [
    '',
    'sort=-id',
    'sort=sku',
    'sort=-sku',
    'sort=waiting',
    'sort=-waiting',
    'q=s050*',
    'q=x5000*',
    `q=${encodeURIComponent('连衣裙')}`,
    'q=striped%20mug&sort=sku',
    'q=nothing%20like%20it*',
    'connectionId=con_a',
    'connectionId=con_d',
    'connectionId=con_d&sort=sku',
    'connectionId=con_a&sort=-sku',
    'status=live',
    'status=rejected',
    'status=rejected&sort=sku',
    'connectionId=con_c&status=draft',
    'connectionId=con_d&status=rejected&sort=-sku',
    'dirty=any',
    'dirty=price',
    'dirty=stock&sort=sku',
    'dirty=stock&sort=waiting&connectionId=con_d',
    'connectionId=con_b&dirty=content',
    'hasIssues=true',
    'hasIssues=true&connectionId=con_d',
    'isRefused=true',
    'isRefused=true&sort=sku',
    'hasProblem=true',
    'q=shirt&connectionId=con_d&status=live&sort=sku',
  ],
  'stock-levels': [
    '',
    'sort=-sku',
    'sort=onHand',
    'sort=-onHand',
    'sort=available',
    'sort=-reserved',
    'sort=-incoming',
    'q=s050*',
    `q=${encodeURIComponent('连衣裙')}`,
    'q=nothing%20like%20it*',
    'warehouse=EAST',
    'warehouse=EAST&sort=-onHand',
    'availableUpTo=0',
    'availableUpTo=0&sort=-incoming',
    'isShort=true',
    'isIncoming=true&warehouse=MAIN',
  ],
}

async function measure({ server, note }: Bench): Promise<Row[]> {
  const database = await server.clone()
  try {
    note(`  building ${listings.toLocaleString('en')} listings`)
    await fillLists(database.db, listings)
    await settleDown(database)
    return await measureLists(database, note)
  } finally {
    await database.drop()
  }
}

type Asked = { name: string; p95: number; shallow: number[]; deep: number[] }

/** The 95th percentile of each question, over its first page and a page far behind. */
export async function measureLists(
  database: Parameters<typeof createBenchHub>[0],
  note: (text: string) => void,
): Promise<Row[]> {
  const api = withKey(createApi(createBenchHub(database, { queue: null as unknown as Queue })), database.db)
  const ask = async (path: string) => {
    const startedAt = performance.now()
    const response = await api.request(path)
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path}: ${text.slice(0, 300)}`)
    return { ms: performance.now() - startedAt, next: (JSON.parse(text) as { next: string | null }).next }
  }
  const found: Asked[] = []
  for (const [list, queries] of Object.entries(questions))
    for (const query of queries) {
      const name = `${list}?${decodeURIComponent(query)}`
      const path = (sample: number) => `/api/${list}?${query.replaceAll('*', String(sample % 10))}`
      let { next } = await ask(path(0))
      const shallow: number[] = []
      const deep: number[] = []
      for (let sample = 0; sample < samples; sample += 1) shallow.push((await ask(path(sample))).ms)
      for (let page = 0; page < 5 && next; page += 1)
        ({ next } = await ask(`${path(0)}&limit=500&after=${encodeURIComponent(next)}`))
      for (let sample = 0; next && sample < samples; sample += 1)
        deep.push((await ask(`${path(0)}&after=${encodeURIComponent(next)}`)).ms)
      const p95 = quantile([...shallow, ...deep], 0.95)
      found.push({ name, p95, shallow, deep })
      const tail = deep.length > 0 ? `, deep ${quantile(deep, 0.95).toFixed(0)}` : ''
      note(`    ${p95 > mostMs ? 'SLOW ' : ''}${name}: ${quantile(shallow, 0.95).toFixed(0)} ms${tail}`)
    }
  const floors: number[] = []
  for (let sample = 0; sample < samples; sample += 1) {
    const startedAt = performance.now()
    await database.db.execute(sql`select * from listings order by id limit 101 offset ${sample * 100}`)
    floors.push(performance.now() - startedAt)
  }
  note(`    floor, a plain select of 101 rows: ${quantile(floors, 0.95).toFixed(1)} ms`)
  const slowest = found.toSorted((a, b) => b.p95 - a.p95)
  const size = `${listings.toLocaleString('en')} listings`
  return [
    ...Object.keys(questions).map((list) => {
      const [worst] = slowest.filter(({ name }) => name.startsWith(`${list}?`))
      return atMost(
        `lists, ${size}, 95th percentile of ${list}, ${questions[list]!.length} questions, the slowest ${worst!.name}`,
        worst!.p95,
        mostMs,
        'ms',
      )
    }),
    atMost(`lists, the same run's plain select of 101 listings`, quantile(floors, 0.95), mostMs, 'ms'),
  ]
}

export const figures: Figure[] = [{ name: 'lists', measure }]
