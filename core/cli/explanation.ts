import { formatMoney } from '../lib/money.ts'
import type { Explanation, ListingExplanation } from '../listings/explain.ts'
import type { Output } from './output.ts'

type State = ListingExplanation['content']['state']

/** Writes why each listing of a SKU shows what it shows, a line a term and a line an event. */
export function printExplanation(output: Output, explanation: Explanation): void {
  const { line } = output
  line(`${explanation.sku}: ${Object.values(explanation.title)[0] ?? ''}`)
  for (const pool of explanation.stock) {
    line(`  ${pool.label}: ${pool.onHand} on hand, ${pool.reserved} reserved, ${pool.incoming} incoming`)
    for (const event of pool.events)
      line(
        `    ${event.at?.toISOString() ?? ''} ${event.kind} ${event.change ?? ''}: ${event.reason}${event.actor ? ` (${event.actor})` : ''}`,
      )
  }
  if (explanation.listings.length === 0) line('It is listed nowhere.')
  for (const listing of explanation.listings) printListing(output, listing)
}

function printListing({ line }: Output, listing: ListingExplanation): void {
  line()
  line(`${listing.connection}: ${listing.status}${listing.externalId ? ` as ${listing.externalId}` : ''}`)
  const { stock, price } = listing
  const show = (what: string, value: string | null, part: typeof stock | typeof price) => {
    line(`  ${what}: ${value ?? `none. ${part.message ?? ''}`}  ${describeState(part.state)}`)
    for (const term of part.terms) {
      line(`    ${term.label} = ${term.value}${term.because ? `  (${term.because})` : ''}`)
      for (const event of term.events)
        line(`      ${event.at?.toISOString() ?? ''} ${event.kind} ${event.change ?? ''}: ${event.reason}`)
    }
  }
  show('quantity', stock.desired === null ? null : String(stock.desired.quantity), stock)
  const wanted = price.desired
  show(
    'price',
    wanted === null
      ? null
      : wanted.sale
        ? `${formatMoney(wanted.sale.price)} instead of ${formatMoney(wanted.price)}`
        : formatMoney(wanted.price),
    price,
  )
  line(`  content  ${describeState(listing.content.state)}`)
  for (const problem of listing.problems)
    line(`  Problem ${problem.id}: ${problem.message} ${problem.remedy}`)
  for (const proposal of listing.proposals)
    line(`  Waits for approval, ${proposal.id}: ${proposal.title}. ${proposal.reason}`)
}

function describeState(state: State): string {
  if (!state) return '[not listed yet]'
  if (state.isInStep) return `[in step, acknowledged ${state.acknowledgedAt?.toISOString() ?? 'never'}]`
  const since = state.dirtySince ? ` since ${state.dirtySince.toISOString()}` : ''
  const shown = state.acknowledgedValue === null ? '' : ` ${JSON.stringify(state.acknowledgedValue)}`
  return `[wants revision ${state.revision}, acknowledged ${state.acknowledgedRevision}${shown}${since}${state.isRefused ? ', refused' : ''}${state.notBefore ? `, next try ${state.notBefore.toISOString()}` : ''}]`
}
