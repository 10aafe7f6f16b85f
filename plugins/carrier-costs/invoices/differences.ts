import { formatMoney, type ShipmentFacts } from 'entrepot/sdk'
import type { BilledCharge } from './read-lines.ts'

export type BilledLine = Omit<BilledCharge, 'line'> & { carrier: string }

export const causes = ['weight', 'size', 'surcharge', 'duplicate', 'price', 'unknown', 'cancelled'] as const
export type Cause = (typeof causes)[number]

/** What was billed otherwise than agreed. Positive is too much, negative is in our favour. */
export type Difference = {
  /** The same for the same difference at every look, unique within the subject. */
  key: string
  cause: Cause
  code: string
  amountMinor: number
  currency: string
  invoiceNumber: string
  invoiceDate: string
  reason: string
}

/** What a shipment should cost without tax, in the currency it was billed in; or why nobody can say. */
export type Expected = { minor: number; isQuote: boolean } | { unknown: string }

/**
 * Compares what was billed for one subject (a shipment, or a reference without one) with what was agreed. Tax is
 * left out on both sides; credits are no charges. With a tolerance of zero the differences add up exactly to what
 * was billed less what was expected.
 */
export function findDifferences(
  lines: readonly BilledLine[],
  shipment: ShipmentFacts | null,
  expected: Expected,
  toleranceMinor: number,
): Difference[] {
  const charges = lines.filter(isCharge).sort(byInvoice)
  if (!shipment)
    return byInvoiceNumber(charges, 'unknown', ({ reference }) =>
      reference === '' ? 'It names no parcel.' : `There is no shipment ${reference}.`,
    )
  if (shipment.isCancelled)
    return byInvoiceNumber(charges, 'cancelled', () => `The label of ${shipment.id} was cancelled.`)
  if ('unknown' in expected) return byInvoiceNumber(charges, 'unknown', () => expected.unknown)
  const { again, once } = splitDuplicates(charges, shipment)
  const main = mainCurrency(once)
  const differences = [
    ...sayDuplicates(again),
    ...[...Map.groupBy(once, ({ currency }) => currency)].flatMap(([currency, some]) =>
      explainExcess(
        some,
        shipment,
        currency === main ? expected : { minor: 0, isQuote: false },
        toleranceMinor,
      ),
    ),
  ]
  return dropSmall(differences, toleranceMinor)
}

/** Lets the smallest pass, as long as all that is let pass stays within the tolerance: many cents are no cent. */
function dropSmall(differences: readonly Difference[], toleranceMinor: number): Difference[] {
  let passed = 0
  const small = new Set(
    differences
      .toSorted((a, b) => Math.abs(a.amountMinor) - Math.abs(b.amountMinor) || (a.key < b.key ? -1 : 1))
      .filter(({ amountMinor }) => {
        passed += Math.abs(amountMinor)
        return passed <= toleranceMinor
      }),
  )
  return differences.filter((difference) => !small.has(difference))
}

/** The currency of the first base price, or else of the first charge. */
export const mainCurrency = (lines: readonly BilledLine[]): string | null => {
  const charges = lines.filter(isCharge).sort(byInvoice)
  return (charges.find(({ kind }) => kind === 'base') ?? charges[0])?.currency ?? null
}

export const isCredit = ({ kind, amountMinor }: Pick<BilledLine, 'kind' | 'amountMinor'>): boolean =>
  kind === 'credit' || (amountMinor < 0 && kind !== 'discount' && kind !== 'tax')

const isCharge = (line: BilledLine): boolean =>
  line.kind !== 'tax' && line.amountMinor !== 0 && !isCredit(line)

const orderOf = ({ invoiceDate, invoiceNumber, lineKey }: BilledLine) =>
  `${invoiceDate}\u0000${invoiceNumber}\u0000${lineKey}`
export const byInvoice = (a: BilledLine, b: BilledLine): number =>
  orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0

const sumOf = (lines: readonly { amountMinor: number }[]) =>
  lines.reduce((sum, line) => sum + line.amountMinor, 0)
const money = (minor: number, currency: string) => formatMoney({ minor, currency })

/** One difference an invoice and currency for all that should not have been billed at all. */
function byInvoiceNumber(
  charges: readonly BilledLine[],
  cause: Cause,
  reason: (line: BilledLine) => string,
): Difference[] {
  const groups = Map.groupBy(charges, (line) => `${cause}:${line.invoiceNumber}:${line.currency}`)
  return [...groups]
    .map(([key, lines]) => ({
      key,
      cause,
      code: '',
      amountMinor: sumOf(lines),
      ...placeOf(lines[0]!),
      reason: reason(lines[0]!),
    }))
    .filter(({ amountMinor }) => amountMinor !== 0)
}

const placeOf = ({ currency, invoiceNumber, invoiceDate }: BilledLine) => ({
  currency,
  invoiceNumber,
  invoiceDate,
})

/** A parcel is billed once for a charge: the same amount for the same once more is billed twice. */
function splitDuplicates(charges: readonly BilledLine[], shipment: ShipmentFacts) {
  const tracked = new Set(shipment.parcels.flatMap(({ trackingNumber }) => trackingNumber ?? []))
  const isSingle = shipment.parcels.length <= 1
  const counts = new Map<string, { parcel: string; lines: BilledLine[]; allowed: number }>()
  for (const line of charges) {
    const isParcel = !isSingle && tracked.has(line.reference)
    const parcel = isParcel ? line.reference : shipment.id
    const key = JSON.stringify([parcel, line.kind, line.code.toLowerCase(), line.amountMinor, line.currency])
    const held = counts.get(key) ?? {
      parcel,
      lines: [],
      allowed: isParcel || isSingle ? 1 : shipment.parcels.length,
    }
    held.lines.push(line)
    counts.set(key, held)
  }
  const groups = [...counts.values()]
  const again = groups.flatMap(({ parcel, lines, allowed }) =>
    lines.slice(allowed).map((line) => ({ parcel, line, first: lines[0]! })),
  )
  return { again, once: groups.flatMap(({ lines, allowed }) => lines.slice(0, allowed)).sort(byInvoice) }
}

function sayDuplicates(
  again: readonly { parcel: string; line: BilledLine; first: BilledLine }[],
): Difference[] {
  const groups = Map.groupBy(
    again,
    ({ parcel, line }) => `duplicate:${line.invoiceNumber}:${parcel}:${line.currency}`,
  )
  return [...groups].map(([key, found]) => {
    const [{ line, first, parcel }] = found as [(typeof found)[number]]
    const what = found.map(
      (one) => `${one.line.code || one.line.kind} ${money(one.line.amountMinor, line.currency)}`,
    )
    const where =
      first.invoiceNumber === line.invoiceNumber ? 'the same invoice' : `invoice ${first.invoiceNumber}`
    return {
      key,
      cause: 'duplicate',
      code: found.length === 1 ? line.code : '',
      amountMinor: sumOf(found.map((one) => one.line)),
      ...placeOf(line),
      reason: `Billed before for ${parcel} on ${where}: ${what.join(', ')}.`,
    }
  })
}

/** What is billed above (or below) the expected, by cause: first charges that were not quoted, then the rest. */
function explainExcess(
  charges: readonly BilledLine[],
  shipment: ShipmentFacts,
  expected: { minor: number; isQuote: boolean },
  toleranceMinor: number,
): Difference[] {
  const billed = sumOf(charges)
  const excess = billed - expected.minor
  if (charges.length === 0 || Math.abs(excess) <= toleranceMinor) return []
  const found = explainSurcharges(charges, shipment, expected.isQuote, excess)
  const rest = excess - sumOf(found)
  const last = charges.findLast(({ kind }) => kind === 'base') ?? charges.at(-1)!
  const { currency } = last
  const { cause, because } = explainRest(charges, shipment, rest)
  const against = `${expected.isQuote ? 'quoted' : 'booked'} ${money(expected.minor, currency)}, billed ${money(billed, currency)}`
  const priced: Difference = {
    key: `price:${currency}`,
    cause,
    code: last.code,
    amountMinor: rest,
    ...placeOf(last),
    reason: `${because}: ${against}.`,
  }
  return rest === 0 ? found : [...found, priced]
}

const isSurcharge = ({ kind }: { kind: string }) =>
  kind === 'surcharge' || kind === 'fuel' || kind === 'other'

/**
 * Surcharges that the quote does not have. One of the same amount as a quoted one is that one under another
 * code. Where the quote is one sum, or there is none, surcharges may be in it: no more than the excess is theirs.
 */
function explainSurcharges(
  charges: readonly BilledLine[],
  shipment: ShipmentFacts,
  isQuote: boolean,
  excess: number,
): Difference[] {
  const quoted = isQuote ? (shipment.quoted?.charges ?? []).filter(isSurcharge) : []
  const codes = new Set(
    quoted.flatMap(({ code, label }) => [code ?? '', label].map((word) => word.toLowerCase())),
  )
  const amounts = quoted.map(({ amountMinor }) => amountMinor)
  const isQuoted = (line: BilledLine): boolean => {
    const words = [line.code, line.label].filter((word) => word !== '').map((word) => word.toLowerCase())
    if (words.some((word) => codes.has(word))) return true
    if (line.kind === 'fuel' && quoted.some(({ kind }) => kind === 'fuel')) return true
    const at = amounts.indexOf(line.amountMinor)
    if (at !== -1) amounts.splice(at, 1)
    return at !== -1
  }
  let left = quoted.length > 0 ? Infinity : Math.max(0, excess)
  const groups = Map.groupBy(
    charges.filter((line) => isSurcharge(line) && line.amountMinor > 0 && !isQuoted(line)),
    (line) => `surcharge:${line.invoiceNumber}:${line.code}:${line.currency}`,
  )
  return [...groups].flatMap(([key, lines]) => {
    const [line] = lines as [BilledLine]
    const billed = sumOf(lines)
    const amountMinor = Math.min(billed, left)
    left -= amountMinor
    if (amountMinor === 0) return []
    const reason = `${line.label || line.code || line.kind} of ${money(billed, line.currency)} was not quoted.`
    return [{ key, cause: 'surcharge', code: line.code, amountMinor, ...placeOf(line), reason }]
  })
}

/** Why the price itself differs: it was billed for more weight, by its size or by the scale; or it just does. */
function explainRest(
  charges: readonly BilledLine[],
  { quoted, parcels }: ShipmentFacts,
  rest: number,
): { cause: Cause; because: string } {
  const based = charges.filter(({ kind }) => kind === 'base')
  const weigh = (of: (line: BilledLine) => number | null) =>
    based.reduce((sum, line) => sum + (of(line) ?? 0), 0)
  const billed = weigh(({ billedWeightGrams }) => billedWeightGrams)
  const dimensional = weigh(({ dimensionalWeightGrams }) => dimensionalWeightGrams)
  const packed = parcels.reduce((sum, { weightGrams }) => sum + weightGrams, 0)
  const agreed = quoted?.billedWeightGrams ?? packed
  if (rest <= 0 || billed <= agreed) return { cause: 'price', because: 'The price differs' }
  const than = quoted?.billedWeightGrams == null ? `packed ${packed} g` : `quoted for ${agreed} g`
  return dimensional >= billed
    ? { cause: 'size', because: `Billed by size for ${billed} g, ${than}` }
    : { cause: 'weight', because: `Billed for ${billed} g, ${than}` }
}
