import type { Clock, TrackingIncident, TrackingState } from 'entrepot/sdk'
import { toBeijing } from './beijing-time.ts'
import { routeCodes } from './route-codes.ts'

type Route = {
  acceptTime: string
  acceptAddress: string
  remark: string
  opCode: string
  reasonCode: string | null
}

/** An order as SF's own books hold it. */
export type SandboxOrder = {
  orderId: string
  product: string
  /** The shipment's own waybill first. */
  waybills: readonly string[]
  weightsGrams: readonly number[]
  /** Last four digits of both sides' phones. */
  phoneEnds: readonly string[]
  isCancelled: boolean
  /** Booked by somebody else: its routes may be asked for, nothing more. */
  isForeign: boolean
  routes: Map<string, Route[]>
}

/** SF's words, as its routes carry them. */
const remarks: Readonly<Record<string, string>> = {
  '50': '顺丰速运 已收取快件',
  '30': '快件在【深圳南山科技园营业部】完成分拣,准备发往下一站',
  '44': '正在派送途中,请您准备签收',
  '125': '快件已投放丰巢',
  '80': '已签收,感谢使用顺丰,期待再次为您服务',
  '70': '派件不成功',
}

export function createLedger({ clock, random }: { clock: Clock; random: () => number }) {
  const orders = new Map<string, SandboxOrder>()
  const labels = new Map<string, { token: string; pdf: Buffer }>()
  let lastNumber = 7_444_400_000_000 + Math.floor(random() * 90_000_000)
  const byWaybill = (waybillNo: string) =>
    [...orders.values()].find((order) => order.waybills.includes(waybillNo))

  return {
    orders,
    labels,
    byWaybill,
    nextWaybill: () => `SF${++lastNumber}`,
    announce(waybillNo: string) {
      orders.set(waybillNo, {
        orderId: waybillNo,
        product: '2',
        waybills: [waybillNo],
        weightsGrams: [],
        phoneEnds: [],
        isCancelled: false,
        isForeign: true,
        routes: new Map([[waybillNo, []]]),
      })
    },
    scan(
      waybillNo: string,
      state: TrackingState,
      { incident, at = clock.now() }: { incident?: TrackingIncident; at?: Date } = {},
    ) {
      const order = byWaybill(waybillNo)
      if (!order) throw new Error(`SF Express never gave out ${waybillNo}.`)
      for (const code of codesFor(state, incident)) {
        const [opCode = '', reasonCode = null] = code.split('/')
        const remark = remarks[opCode] ?? `路由 ${opCode}`
        order.routes
          .get(waybillNo)!
          .push({ acceptTime: toBeijing(at), acceptAddress: '深圳市', remark, opCode, reasonCode })
      }
    },
  }
}
export type SandboxLedger = ReturnType<typeof createLedger>

/** One code that says both, or one for what went wrong and one for the state. SF has few words for the former. */
function codesFor(state: TrackingState, incident: TrackingIncident | undefined): string[] {
  const first = (isRow: (told: TrackingState | null, trouble: TrackingIncident | null) => boolean) =>
    routeCodes.find(([told, trouble]) => isRow(told, trouble))?.[2].split(' ')[0]
  const plain =
    first((told, trouble) => told === state && trouble === null) ?? first((told) => told === state)!
  if (!incident) return [plain]
  const both = first((told, trouble) => told === state && trouble === incident)
  if (both) return [both]
  return [first((_, trouble) => trouble === incident) ?? first((_, trouble) => trouble === 'other')!, plain]
}
