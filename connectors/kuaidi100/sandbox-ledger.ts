import type { Clock, TrackingIncident, TrackingState } from 'entrepot/sdk'
import { stateCodes } from './codes.ts'
import { signPush } from './signature.ts'

type Row = {
  time: string
  ftime: string
  context: string
  status: string
  statusCode: string
  areaName: string
}
type Parcel = {
  company: string
  /** Newest first. */
  rows: Row[]
  /** Salts of the subscriptions that are being watched. */
  salts: string[]
  askedAt: number[]
  /** Until when a waybill that was asked about too often shows what it showed then. */
  locked: { until: number; rows: Row[] } | null
}

const day = 86_400_000
/** More questions than this about one waybill in a day lock it for a day. */
const mostADay = 48
const halfAnHour = 30 * 60_000

/** Kuaidi100's books: what carriers told it, and who asked how often. */
export function createLedger(clock: Clock) {
  const parcels = new Map<string, Parcel>()
  const webhooks: { headers: Record<string, string>; body: string }[] = []
  const hurried: string[] = []

  const beijing = (at: Date) =>
    new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const rowOf = (code: string, at: Date): Row => ({
    time: beijing(at),
    ftime: beijing(at),
    context: `【深圳市】状态 ${code}`,
    status: code,
    statusCode: code,
    areaName: '广东,深圳市',
  })
  const toResult = (nu: string, { company, rows }: Pick<Parcel, 'company' | 'rows'>) => ({
    message: 'ok',
    nu,
    ischeck: rows[0]?.statusCode.startsWith('3') ? '1' : '0',
    com: company,
    status: '200',
    state: rows[0]?.statusCode ?? '0',
    condition: '00',
    data: rows,
  })

  function pushTo(nu: string, parcel: Parcel): void {
    const result = toResult(nu, parcel)
    const isOver = result.ischeck === '1'
    for (const salt of parcel.salts) {
      const param = JSON.stringify({
        status: isOver ? 'shutdown' : 'polling',
        billstatus: 'check',
        message: '',
        autoCheck: '0',
        comOld: '',
        comNew: '',
        lastResult: result,
      })
      webhooks.push({
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ sign: signPush(param, salt), param }).toString(),
      })
    }
    if (isOver) parcel.salts = []
  }

  return {
    /** Waybills that were asked about again before half an hour was over. */
    hurried,
    takeWebhooks: () => webhooks.splice(0),
    announce(nu: string) {
      const fresh = { company: 'yuantong', salts: [], askedAt: [], locked: null }
      if (!parcels.has(nu)) parcels.set(nu, { ...fresh, rows: [rowOf('101', clock.now())] })
    },
    scan(
      nu: string,
      state: TrackingState,
      { incident, at = clock.now() }: { incident?: TrackingIncident; at?: Date } = {},
    ) {
      const parcel = parcels.get(nu)
      if (!parcel) throw new Error(`Kuaidi100 was never told of ${nu}.`)
      for (const code of codesFor(state, incident)) parcel.rows.unshift(rowOf(code, at))
      pushTo(nu, parcel)
    },
    /** What Kuaidi100 shows of a waybill, or null where it has nothing. */
    ask(nu: string, company: string) {
      const parcel = parcels.get(nu)
      if (!parcel) return null
      const now = clock.now().getTime()
      if (now - (parcel.askedAt.at(-1) ?? Number.NEGATIVE_INFINITY) < halfAnHour) hurried.push(nu)
      parcel.askedAt = [...parcel.askedAt.filter((at) => now - at < day), now]
      parcel.company = company
      if (parcel.askedAt.length > mostADay && (parcel.locked?.until ?? 0) <= now)
        parcel.locked = { until: now + day, rows: [...parcel.rows] }
      const isLocked = parcel.locked !== null && parcel.locked.until > now
      return toResult(nu, isLocked ? { company, rows: parcel.locked!.rows } : parcel)
    },
    /** False where it is watched already. */
    subscribe(nu: string, company: string, salt: string): boolean {
      const known = parcels.get(nu)
      const parcel = known ?? { company, rows: [], salts: [], askedAt: [], locked: null }
      parcels.set(nu, parcel)
      if (parcel.salts.includes(salt)) return false
      parcel.salts.push(salt)
      return true
    },
  }
}

/** One code that says both, or one for what went wrong and then one for the state. */
function codesFor(state: TrackingState, incident: TrackingIncident | undefined): string[] {
  const first = (isRow: (told: TrackingState | null, trouble: TrackingIncident | null) => boolean) =>
    stateCodes.find(([told, trouble]) => isRow(told, trouble))?.[2].split(' ')[0]
  const plain = first((told, trouble) => told === state && trouble === null)
  if (!plain) throw new Error(`Kuaidi100 has no word for "${state}".`)
  if (!incident) return [plain]
  const both = first((told, trouble) => told === state && trouble === incident)
  if (both) return [both]
  return [first((told, trouble) => told === null && trouble === incident) ?? '2', plain]
}
