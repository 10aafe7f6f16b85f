import { randomBytes } from 'node:crypto'
import { PDFDocument } from '@cantoo/pdf-lib'
import type { Clock } from 'entrepot/sdk'
import { toBeijing } from './beijing-time.ts'
import type { SandboxLedger, SandboxOrder } from './sandbox-ledger.ts'
import type { Settings } from './schemas.ts'

/** A refusal of the service behind the gateway. */
export class Refusal extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

type Message = Record<string, unknown>
type Books = { ledger: SandboxLedger; settings: Settings; clock: Clock }
type Service = (message: Message, books: Books, origin: string) => unknown

const refuse = (code: string, message: string): never => {
  throw new Refusal(code, message)
}
const endOf = (phone: unknown): string =>
  String(phone ?? '')
    .replace(/\D/g, '')
    .slice(-4)

const orderAnswer = (order: SandboxOrder) => ({
  orderId: order.orderId,
  originCode: '755',
  destCode: '010',
  filterResult: 2,
  remark: '',
  waybillNoInfoList: order.waybills.map((waybillNo, index) => ({
    waybillType: index === 0 ? 1 : 2,
    waybillNo,
  })),
  routeLabelInfo: [],
})

/** What SF checks of sender (code 1010 and on) and recipient (1014 and on). */
function checkContacts(contacts: readonly Message[]): void {
  for (const [type, address, contact, phone] of [
    [1, '1010', '1011', '1012'],
    [2, '1014', '1015', '1016'],
  ] as const) {
    const side = contacts.find((entry) => entry.contactType === type) ?? {}
    if (!side.address) refuse(address, '地址不能为空')
    if (!side.contact) refuse(contact, '联系人不能为空')
    if (!side.mobile && !side.tel) refuse(phone, '电话不能为空')
  }
}

function createOrder(message: Message, { ledger, settings }: Books) {
  const orderId = String(message.orderId ?? '') || refuse('S0002', '必传参数orderId为空')
  if (ledger.orders.has(orderId)) refuse('8016', '重复下单')
  const contacts = (message.contactInfoList ?? []) as Message[]
  checkContacts(contacts)
  const cargo = (message.cargoDetails ?? []) as Message[]
  if (cargo.length === 0 || cargo.some(({ name }) => !name)) refuse('1023', '拖寄物品名不能为空')
  if (message.monthlyCard !== undefined && message.monthlyCard !== settings.monthlyCard)
    refuse('8119', '月结卡号不存在或已失效')
  const product = String(message.expressTypeId)
  if (!(product in settings.products)) refuse('8057', '快件类型为空或未配置')
  const count = Number(message.parcelQty ?? 1)
  if (count > 307) refuse('8117', '下单包裹不能大于307个')
  const waybills = Array.from({ length: count }, ledger.nextWaybill)
  // SF is told the weight of the whole alone.
  const grams = Math.round(Number(message.totalWeight) * 1000)
  const each = Math.floor(grams / count)
  const order: SandboxOrder = {
    orderId,
    product,
    waybills,
    weightsGrams: waybills.map((_, index) => (index === 0 ? grams - each * (count - 1) : each)),
    phoneEnds: contacts.map(({ mobile, tel }) => endOf(mobile ?? tel)),
    isCancelled: false,
    isForeign: false,
    routes: new Map(waybills.map((waybillNo) => [waybillNo, []])),
  }
  ledger.orders.set(orderId, order)
  return orderAnswer(order)
}

const orderOf = ({ orderId }: Message, { ledger }: Books): SandboxOrder =>
  ledger.orders.get(String(orderId)) ?? refuse('6150', '找不到该订单')

function cancelOrder(message: Message, books: Books) {
  if (message.dealType !== 2) refuse('S0003', '数据错误')
  const order = orderOf(message, books)
  if (order.isCancelled) refuse('8037', '订单已消单')
  if ([...order.routes.values()].some((routes) => routes.length > 0)) refuse('8252', '订单已确认')
  order.isCancelled = true
  const { waybillNoInfoList } = orderAnswer(order)
  return { orderId: order.orderId, waybillNoInfoList, resStatus: 2, extraInfoList: null }
}

/** A number that is unknown, not scanned or asked for with another phone gets the same empty list. */
function searchRoutes({ trackingNumber, checkPhoneNo }: Message, { ledger }: Books) {
  const numbers = trackingNumber as string[]
  if (!Array.isArray(numbers) || numbers.length === 0) refuse('8013', '未传入查询单号')
  if (numbers.length > 10) refuse('8003', '查询单号超过最大限制')
  const routesOf = (mailNo: string) => {
    const order = ledger.byWaybill(mailNo)
    if (!order) return []
    const mayKnow =
      checkPhoneNo === undefined ||
      order.phoneEnds.length === 0 ||
      order.phoneEnds.includes(String(checkPhoneNo))
    return mayKnow ? order.routes.get(mailNo)! : []
  }
  return { routeResps: numbers.map((mailNo) => ({ mailNo, routes: routesOf(mailNo) })) }
}

/** What products cost: yuan for the first kilogram and for each further one. */
const rates: Readonly<Record<string, readonly [number, number]>> = {
  '1': [23, 13],
  '2': [18, 5],
  '5': [28, 15],
}

function queryPrices({ businessType, weight, searchPrice }: Message, { clock }: Books) {
  const kilograms = Math.max(1, Math.ceil(Number(weight)))
  const promised = toBeijing(new Date(clock.now().getTime() + 2 * 86_400_000))
  const asked = Object.keys(rates).filter((product) => businessType === '' || businessType === product)
  const deliverTmDto = asked.map((product) => {
    const [first, further] = rates[product]!
    const fee = searchPrice === '1' ? first + further * (kilograms - 1) : null
    return {
      businessType: product,
      businessTypeDesc: '顺丰',
      deliverTime: `${promised},${promised}`,
      fee,
      searchPrice,
      closeTime: null,
    }
  })
  return { deliverTmDto }
}

/** Renders labels and keeps them: the same waybill is the same paper again. */
async function printWaybills(message: Message, { ledger, settings }: Books, origin: string) {
  const { templateCode, documents } = message as { templateCode: string; documents: Message[] }
  if (!templateCode.endsWith(`_${settings.partnerId}`))
    refuse('', `templateCode:${templateCode} is not matched the clientCode:${settings.partnerId}`)
  const files = []
  for (const [index, { masterWaybillNo, branchWaybillNo }] of documents.entries()) {
    const waybillNo = String(branchWaybillNo ?? masterWaybillNo)
    if (!ledger.byWaybill(waybillNo)) refuse('8247', '运单号不合法')
    if (!ledger.labels.has(waybillNo))
      ledger.labels.set(waybillNo, {
        token: `AUTH_${randomBytes(16).toString('hex')}`,
        pdf: await labelOf(waybillNo),
      })
    const { token } = ledger.labels.get(waybillNo)!
    files.push({
      areaNo: 1,
      pageCount: 0,
      pageNo: 1,
      seqNo: index + 1,
      token,
      url: `${origin}/print-file/${waybillNo}.pdf`,
      waybillNo,
    })
  }
  return { clientCode: settings.partnerId, fileType: 'pdf', files, templateCode }
}

async function labelOf(waybillNo: string): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.addPage([283, 425]).drawText(waybillNo, { x: 40, y: 200, size: 18 })
  return Buffer.from(await document.save())
}

/** The services behind SF's gateway, by their codes. */
export const services: Readonly<Record<string, Service>> = {
  EXP_RECE_CREATE_ORDER: createOrder,
  EXP_RECE_SEARCH_ORDER_RESP: (message, books) => orderAnswer(orderOf(message, books)),
  EXP_RECE_UPDATE_ORDER: cancelOrder,
  EXP_RECE_SEARCH_ROUTES: searchRoutes,
  EXP_RECE_QUERY_DELIVERTM: queryPrices,
  COM_RECE_CLOUD_PRINT_WAYBILLS: printWaybills,
}
