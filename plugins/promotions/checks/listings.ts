import { priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf } from './check.ts'

/** What marketplaces complain of, and what the plugins that judge listings find wrong with those that take part. */
export function checkListings({ goods, audit }: CheckInput): Check {
  let blocked = 0
  const subjects = priced(goods).flatMap(({ listingId, sku, complaints, hasImage }) => {
    const found = audit.byListing.get(listingId) ?? []
    if (found.some(({ isBlocking }) => isBlocking)) blocked += 1
    const faults = [
      ...(complaints > 0 ? [`${complaints} complaints of the marketplace`] : []),
      ...(hasImage ? [] : ['no image']),
      ...found.map(({ message }) => message.replace(/\.$/, '')),
    ]
    return faults.length > 0 ? [{ subject: sku, message: `${faults.join('; ')}.` }] : []
  })
  const who =
    audit.asked.length > 0
      ? `Asked: ${audit.asked.join(', ')}.`
      : 'No plugin that judges listings is switched on: their texts were not judged.'
  return checkOf('listings', 'Listings', {
    status: blocked > 0 ? 'blocks' : 'warning',
    subjects,
    message: `${subjects.length} listings have faults, ${blocked} of them may not be published as they are. ${who}`,
    fine: `No fault is known of the listings. ${who}`,
    numbers: { blocked },
  })
}
