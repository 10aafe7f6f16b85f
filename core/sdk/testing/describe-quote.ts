import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Parcel, Quote, QuoteAnswer, QuoteRequest } from '../model/shipment.ts'
import { assertPrice } from './charges.ts'
import { requestOf, smallParcel } from './courier-probes.ts'
import { checksOf, type Depot, maxParcelsOf, settingsOf } from './depot.ts'
import { assertFailsAs } from './outcome.ts'
import type { Check, CourierSubject } from './subject.ts'

const dayMs = 86_400_000
const unknownService = 'NO-SUCH-SERVICE'

/** What every answer about prices has to keep. */
export function quoteChecks(subject: CourierSubject): Check[] {
  if (!subject.connector.operations.quote) return []
  const check = checksOf(subject, 'quote')
  return [
    check('gives prices above zero whose charges add up, for services that are told of', async (depot) => {
      const { quotes } = await answerTo(depot, requestOf(depot))
      assert(
        quotes.length > 0,
        'quote has no price for a small parcel within the country; see `quoteRequest`.',
      )
      await assertServicesTold(depot, quotes)
    }),
    check('tells plausible times', async (depot) => {
      const request = requestOf(depot)
      for (const quote of (await answerTo(depot, request)).quotes) assertTimes(depot, request, quote)
    }),
    check('a heavier parcel never costs less', heavierNeverLess),
    check('the same request gives the same answer', async (depot) => {
      const [first, second] = [
        await answerTo(depot, requestOf(depot)),
        await answerTo(depot, requestOf(depot)),
      ]
      assert.deepEqual(withoutExpiry(second), withoutExpiry(first))
    }),
    ...(maxParcelsOf(subject) > 1 ? [check('counts every parcel', everyParcelCounts)] : []),
    check('a parcel of unknown size is priced, or refused in clear words', async (depot) => {
      await pricedOrRefused(depot, requestOf(depot, [{ ...smallParcel, ...unknownSize }]))
    }),
    check('prices only the services that are asked for', onlyAsked),
    check('a service that nobody sells has a reason and no price', async (depot) => {
      const request = { ...requestOf(depot), services: [unknownService] }
      const answer = await pricedOrRefused(depot, request)
      assert.deepEqual(answer?.quotes ?? [], [], 'A service that nobody sells has a price.')
    }),
  ]
}

const unknownSize = { lengthMm: null, widthMm: null, heightMm: null }

/** Asks for prices and asserts what holds for every answer. */
async function answerTo(depot: Depot, request: QuoteRequest): Promise<QuoteAnswer> {
  const answer = await depot.operations.quote!(depot.client, request)
  for (const quote of answer.quotes) {
    assertPrice(quote, quote.service)
    assert(quote.serviceName.trim(), `${quote.service} needs a name.`)
    const asked = request.parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0)
    assert(
      quote.billedWeightGrams === null || quote.billedWeightGrams >= asked,
      `${quote.service} is priced for ${quote.billedWeightGrams} g, less than the ${asked} g asked for.`,
    )
  }
  const priced = answer.quotes.map((quote) => quote.service)
  assert.equal(new Set(priced).size, priced.length, 'A service is priced twice in one answer.')
  for (const { service, reason } of answer.notOffered) {
    assert(reason.trim(), `${service} is not offered, and nobody says why.`)
    assert(service === null || !priced.includes(service), `${service} is priced, and not offered.`)
  }
  return answer
}

async function assertServicesTold(depot: Depot, quotes: readonly Quote[]): Promise<void> {
  const { connector, readme } = depot.subject
  const sold = connector.services(settingsOf(depot)).map((service) => service.code)
  const text = await readFile(readme, 'utf8')
  const strange = quotes
    .map(({ service }) => service)
    .filter((code) => !sold.includes(code) && !text.includes(code))
  assert.deepEqual(strange, [], 'Prices are given for services that neither services() nor the README names.')
}

function assertTimes(depot: Depot, { shipAt }: QuoteRequest, quote: Quote): void {
  const { service, transitDays, deliverBy, expiresAt } = quote
  assert(
    transitDays === null || (Number.isInteger(transitDays) && transitDays >= 0 && transitDays <= 90),
    `${service}: ${transitDays} are no working days on the way.`,
  )
  if (deliverBy) {
    const days = (deliverBy.getTime() - shipAt.getTime()) / dayMs
    assert(days >= -1 && days <= 120, `${service}: deliverBy is ${deliverBy}, sent at ${shipAt}.`)
  }
  if (expiresAt) assert(expiresAt >= depot.clock.now(), `${service}: the price expired before it was given.`)
}

async function heavierNeverLess(depot: Depot): Promise<void> {
  const before = new Map<string, { grams: number; minor: number }>()
  let compared = 0
  for (const grams of [400, 1000, 1001, 1800, 5000, 12_000, 19_000]) {
    const { quotes } = await answerTo(depot, requestOf(depot, [{ ...smallParcel, weightGrams: grams }]))
    for (const { service, totalMinor } of quotes) {
      const lighter = before.get(service)
      if (lighter) {
        compared += 1
        assert(
          totalMinor >= lighter.minor,
          `${service} costs ${totalMinor} for ${grams} g, and ${lighter.minor} for ${lighter.grams} g.`,
        )
      }
      before.set(service, { grams, minor: totalMinor })
    }
  }
  assert(compared > 0, 'No service has a price for two weights between 400 g and 19 kg.')
}

const withoutExpiry = ({ quotes, notOffered }: QuoteAnswer) => ({
  quotes: quotes.map(({ expiresAt: _, ...quote }) => quote),
  notOffered,
})

async function everyParcelCounts(depot: Depot): Promise<void> {
  const heavy: Parcel = { ...smallParcel, weightGrams: 8000 }
  const priceOf = async (parcels: readonly Parcel[]) =>
    new Map(
      (await answerTo(depot, requestOf(depot, parcels))).quotes.map(({ service, totalMinor }) => [
        service,
        totalMinor,
      ]),
    )
  const [one, two] = [await priceOf([smallParcel]), await priceOf([smallParcel, heavy])]
  assert(two.size > 0, 'quote has no price for two parcels; see `maxParcels`.')
  for (const [service, minor] of two) {
    const alone = one.get(service)
    assert(alone === undefined || minor > alone, `${service} costs the same with a second, heavier parcel.`)
  }
}

/** The answer, or null where the whole request was refused. */
async function pricedOrRefused(depot: Depot, request: QuoteRequest): Promise<QuoteAnswer | null> {
  let answer: QuoteAnswer | null = null
  const ask = async () => {
    answer = await answerTo(depot, request)
  }
  const failure = await assertFailsAs(ask, [null, 'rejected'], 'Such a request')
  if (failure) return null
  const { quotes, notOffered } = answer as unknown as QuoteAnswer
  assert(quotes.length + notOffered.length > 0, 'quote gives neither a price nor a reason.')
  return answer
}

async function onlyAsked(depot: Depot): Promise<void> {
  const [first] = (await answerTo(depot, requestOf(depot))).quotes
  const { quotes } = await answerTo(depot, { ...requestOf(depot), services: [first!.service] })
  assert.deepEqual(
    quotes.map((quote) => quote.service),
    [first!.service],
    'quote prices other services than those asked for.',
  )
}
