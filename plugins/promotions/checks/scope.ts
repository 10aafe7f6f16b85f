import { priced } from '../goods.ts'
import { type Check, type CheckInput, checkOf } from './check.ts'

/** Whether there is anything to sell, and what of the scope takes no part. */
export function checkScope({ goods, missing }: CheckInput): Check {
  const part = priced(goods).length
  const numbers = { inScope: goods.length, takePart: part }
  if (missing.length > 0 || part === 0) {
    const subjects = missing.map((subject) => ({
      subject,
      message: 'There is no such marketplace connection.',
    }))
    const message =
      part === 0
        ? 'No live listing in scope gets a price from this campaign.'
        : 'It names connections that are none.'
    return { id: 'scope', title: 'Goods in scope', status: 'blocks', message, subjects, numbers }
  }
  const out = goods.flatMap(({ sku, outcome }) =>
    outcome.ok || outcome.reason === 'below_floor' ? [] : [{ subject: sku, message: outcome.message }],
  )
  return checkOf('scope', 'Goods in scope', {
    status: 'warning',
    subjects: out,
    message: `${out.length} of ${goods.length} listings take no part.`,
    fine: `${part} of ${goods.length} listings take part.`,
    numbers,
  })
}
