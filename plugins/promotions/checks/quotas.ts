import { type Check, type CheckInput, checkOf } from './check.ts'

/** How many promoted listings a platform allows at once, by connector, where it publishes a number. */
const mostPromoted: Readonly<Record<string, number>> = {}

/** Limits that marketplaces set to promotions. */
export function checkQuotas({ connections, goods }: CheckInput): Check {
  const unknown = connections.filter(({ connector }) => mostPromoted[connector] === undefined)
  if (unknown.length > 0)
    return {
      id: 'quotas',
      title: 'Quotas of marketplaces',
      status: 'unchecked',
      message: `No quota for dated prices is known of ${unknown.map(({ name }) => name).join(', ')}: none was checked.`,
      subjects: [],
      numbers: {},
    }
  const over = connections.flatMap(({ id, name, connector }) => {
    const count = goods.filter(({ connectionId }) => connectionId === id).length
    const most = mostPromoted[connector]!
    return count > most ? [{ subject: name, message: `${count} listings, and it allows ${most}.` }] : []
  })
  return checkOf('quotas', 'Quotas of marketplaces', {
    status: 'blocks',
    subjects: over,
    message: 'It has more goods than a marketplace allows.',
    fine: 'Within every quota.',
  })
}
