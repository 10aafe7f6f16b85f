import type { Command } from 'commander'
import { formatMoney } from '../../lib/money.ts'
import { InputError } from '../../sdk/errors.ts'
import { isCurrency } from '../../sdk/model/money.ts'
import type { Offer, ShippingRequest, Unavailable } from '../../sdk/shipping.ts'
import { parsePlace, parseSize, parseWeight } from '../../sdk/shipping-text.ts'
import { rateShop } from '../../sync/rate-shop.ts'
import { exitCodes, type Output } from '../output.ts'
import { type GlobalOptions, withHub } from '../session.ts'

type QuoteOptions = {
  from: string
  to: string
  weight: string[]
  size?: string[]
  card?: string[]
  shipOn?: string
  currency?: string
}

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** `entrepot quote` */
export function quoteCommand(program: Command): void {
  program
    .command('quote')
    .description('what every courier and every rate card asks for parcels, and who offers nothing and why')
    .requiredOption('--from <place>', 'DE, DE:10115 or US:90001:CA')
    .requiredOption('--to <place>', 'country, postcode, region')
    .requiredOption('--weight <weight>', '1200 (grams), 1.2kg, 2lb or 5oz; once for each parcel', collect)
    .option('--size <size>', '300x200x100 (mm), 30x20x10cm or 12x8x4in; once for each parcel', collect)
    .option('--card <id>', 'only this rate card, and no courier; may be repeated', collect)
    .option('--ship-on <date>', 'the day of hand-over; now if left out')
    .option('--currency <code>', 'offers in other currencies are listed with what is not offered')
    .action((options: QuoteOptions, command: Command) =>
      withHub(command.optsWithGlobals<GlobalOptions>(), async (hub, output) => {
        const request = readRequest(options, hub.clock.now())
        const wanted = readCurrency(options.currency)
        const { offers, unavailable } = await rateShop(hub, request)
        const isWanted = (offer: Offer) => wanted === undefined || offer.currency === wanted
        const shown = offers.filter(isWanted).sort(byPrice)
        const others = offers.filter((offer) => !isWanted(offer)).sort(byPrice)
        output.json({ request, offers: shown, otherCurrencies: others, unavailable })
        print(output, shown, others, unavailable)
        return exitCodes.ok
      }),
    )
}

function readRequest(options: QuoteOptions, now: Date): ShippingRequest {
  const { weight, size = [], card, shipOn } = options
  if (size.length > 0 && size.length !== weight.length)
    throw new InputError(
      `There are ${weight.length} weights and ${size.length} sizes. Give each parcel both.`,
      'size',
    )
  const shipAt = shipOn === undefined ? now : new Date(shipOn)
  if (Number.isNaN(shipAt.getTime()))
    throw new InputError(`"${shipOn}" is no day. Write one such as 2026-03-01.`, 'ship-on')
  const unknown = { lengthMm: null, widthMm: null, heightMm: null }
  return {
    from: parsePlace(options.from, 'from'),
    to: parsePlace(options.to, 'to'),
    parcels: weight.map((text, index) => ({
      weightGrams: parseWeight(text, 'weight'),
      ...(size.length > 0 ? parseSize(size[index]!, 'size') : unknown),
    })),
    shipAt,
    declaredValue: null,
    ...(card ? { cards: card } : {}),
  }
}

function readCurrency(code: string | undefined): string | undefined {
  if (code !== undefined && !isCurrency(code))
    throw new InputError(`"${code}" is no ISO 4217 currency code such as EUR.`, 'currency')
  return code
}

/** Amounts of different currencies are not compared: each currency is sorted by itself. */
const byPrice = (a: Offer, b: Offer): number =>
  a.currency === b.currency
    ? a.totalMinor - b.totalMinor || (a.id < b.id ? -1 : 1)
    : a.currency < b.currency
      ? -1
      : 1

const day = (instant: Date | null): string => instant?.toISOString().slice(0, 10) ?? ''
const priceOf = ({ totalMinor: minor, currency }: Offer): string => formatMoney({ minor, currency })

function print(output: Output, offers: Offer[], others: Offer[], unavailable: readonly Unavailable[]): void {
  if (offers.length === 0) output.line('Nobody offers a price.')
  else
    output.table(
      offers.map((offer) => ({
        carrier: offer.carrier,
        service: offer.serviceName,
        total: priceOf(offer),
        days: offer.transitDays ?? day(offer.deliverBy),
        source: offer.connectionId ? offer.source.name : `${offer.source.name} (comparison only)`,
        expires: day(offer.expiresAt),
      })),
    )
  if (others.length + unavailable.length === 0) return
  output.line()
  output.line('Not offered:')
  for (const offer of others)
    output.line(
      `  ${offer.source.name}, ${offer.serviceName}: priced in another currency, ${priceOf(offer)}.`,
    )
  for (const { source, service, reason } of unavailable)
    output.line(`  ${source.name}${service ? `, ${service}` : ''}: ${reason}`)
}
