import type { FailureKind, TrackingIncident, TrackingState } from 'entrepot/sdk'

/**
 * Kuaidi100's states and finer states.
 * @see https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc
 */
export const stateCodes: readonly (readonly [TrackingState | null, TrackingIncident | null, string])[] = [
  ['announced', null, '101 102'],
  ['collected', null, '1 103'],
  ['in_transit', null, '0 1001 1002 1003 7 8 10 11 12'],
  ['in_transit', 'customs_hold', '13'],
  ['out_for_delivery', null, '5'],
  ['awaiting_pickup', null, '501'],
  ['awaiting_pickup', 'delayed', '205'],
  ['returning', null, '6'],
  ['delivered', null, '3 301 302 303 304'],
  ['returned', null, '4'],
  [null, 'other', '2 204 210 401'],
  [null, 'delayed', '201 202 208'],
  [null, 'refused', '14 203'],
  [null, 'recipient_absent', '206'],
  [null, 'address_problem', '207'],
  [null, 'damaged', '209'],
]

const meanings = new Map(
  stateCodes.flatMap(([state, incident, codes]) =>
    codes.split(' ').map((code) => [code, { state, incident }] as const),
  ),
)

/** What a code says; one that nobody knows says nothing. */
export const meaningOf = (code: string | null) => meanings.get(code ?? '') ?? { state: null, incident: null }

/**
 * Carriers: our words on the left, Kuaidi100's code on the right.
 * @see https://api.kuaidi100.com/manager/openapi/download/kdbm.do
 */
export const companyCodes: Readonly<Record<string, string>> = {
  'sf-express': 'shunfeng',
  sf: 'shunfeng',
  顺丰速运: 'shunfeng',
  zto: 'zhongtong',
  中通快递: 'zhongtong',
  yto: 'yuantong',
  圆通速递: 'yuantong',
  sto: 'shentong',
  申通快递: 'shentong',
  yunda: 'yunda',
  韵达快递: 'yunda',
  jt: 'jtexpress',
  'j&t': 'jtexpress',
  极兔速递: 'jtexpress',
  jd: 'jd',
  京东物流: 'jd',
  ems: 'ems',
  'china-post': 'youzhengguonei',
  邮政快递包裹: 'youzhengguonei',
  deppon: 'debangkuaidi',
  德邦快递: 'debangkuaidi',
  百世快递: 'huitongkuaidi',
  宅急送: 'zhaijisong',
}

/** Carriers that tell nothing without the phone of sender or recipient. */
export const phoneCompanies: readonly string[] = ['shunfeng', 'shunfengkuaiyun', 'zhongtong']

/** What a refused question means. */
export const queryCodes: Readonly<Record<string, FailureKind>> = {
  400: 'rejected',
  408: 'rejected',
  500: 'not_found',
  501: 'unavailable',
  502: 'unavailable',
  503: 'auth',
  601: 'auth',
}

/** What a refused subscription means. 501, subscribed already, is no failure. */
export const subscriptionCodes: Readonly<Record<string, FailureKind>> = {
  500: 'unavailable',
  600: 'auth',
  601: 'auth',
  700: 'rejected',
  701: 'rejected',
  702: 'rejected',
}
