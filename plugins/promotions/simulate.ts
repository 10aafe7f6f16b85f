import { type Goods, type PricedGoods, priced } from './goods.ts'

/** An amount in minor units or a count with how it came to be; null: no data. */
export type Figure = { value: number | null; because: string }

export type SimulatedTotal = {
  currency: string
  listings: number
  withoutData: number
  units: Figure
  revenue: Figure
  discount: Figure
  marginWith: Figure
  marginWithout: Figure
  net: Figure
}
/** By currency. */
export type Simulation = { totals: SimulatedTotal[] }

type Forecast = PricedGoods & { usualMilliUnits: number; expectedMilliUnits: number }
const amount = (minor: number, milliUnits: number): number => Math.round((minor * milliUnits) / 1000)
const sum = (items: readonly Forecast[], of: (item: Forecast) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

/** What a campaign costs and brings by what was sold lately. */
export function simulate(goods: readonly Goods[], upliftBasisPoints: number): Simulation {
  const byCurrency = Map.groupBy(priced(goods), ({ currency }) => currency)
  return { totals: [...byCurrency].map(([currency, mine]) => totalOf(currency, mine, upliftBasisPoints)) }
}

function totalOf(currency: string, mine: readonly PricedGoods[], upliftBasisPoints: number): SimulatedTotal {
  const known = mine.filter((item): item is Forecast => item.expectedMilliUnits !== null)
  const costed = known.filter(({ cost }) => cost !== null)
  const of = `over ${known.length} of ${mine.length} listings; the others sold too little to tell`
  const ofCosted = `over ${costed.length} of ${mine.length} listings whose sales and cost are known`
  const figure = (items: readonly Forecast[], value: () => number, because: string): Figure =>
    items.length === 0 ? { value: null, because: `No data: ${because}` } : { value: value(), because }
  const withIt = (item: Forecast) =>
    amount(item.outcome.price.minor - item.cost!.minor, item.expectedMilliUnits)
  const withoutIt = (item: Forecast) => amount(item.regular.minor - item.cost!.minor, item.usualMilliUnits)
  return {
    currency,
    listings: mine.length,
    withoutData: mine.length - known.length,
    units: figure(
      known,
      () => Math.round(sum(known, (item) => item.expectedMilliUnits) / 1000),
      `usual sales for that time and ${upliftBasisPoints / 100} % more, ${of}`,
    ),
    revenue: figure(
      known,
      () => sum(known, (item) => amount(item.outcome.price.minor, item.expectedMilliUnits)),
      `expected units at the campaign price, ${of}`,
    ),
    discount: figure(
      known,
      () =>
        sum(known, (item) => amount(item.regular.minor - item.outcome.price.minor, item.expectedMilliUnits)),
      `expected units times regular less campaign price, ${of}`,
    ),
    marginWith: figure(
      costed,
      () => sum(costed, withIt),
      `expected units times campaign price less cost, ${ofCosted}`,
    ),
    marginWithout: figure(
      costed,
      () => sum(costed, withoutIt),
      `usual units times regular price less cost, ${ofCosted}`,
    ),
    net: figure(
      costed,
      () => sum(costed, (item) => withIt(item) - withoutIt(item)),
      `margin with less margin without the campaign, ${ofCosted}`,
    ),
  }
}
