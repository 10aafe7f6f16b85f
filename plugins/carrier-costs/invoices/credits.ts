import { type BilledLine, byInvoice, type Difference, isCredit } from './differences.ts'

export type Credited = Difference & { creditedMinor: number }

/**
 * Sets what the carrier gave back against what it billed too much: first where code and amount agree, then the
 * amount alone, then the code, then the oldest. What is left over of the credits has no difference.
 */
export function applyCredits(
  differences: readonly Difference[],
  lines: readonly BilledLine[],
): { differences: Credited[]; leftOver: { currency: string; minor: number }[] } {
  const credited: Credited[] = differences.map((difference) => ({ ...difference, creditedMinor: 0 }))
  const leftOver: { currency: string; minor: number }[] = []
  for (const credit of lines.filter(isCredit).sort(byInvoice)) {
    let left = Math.max(0, -credit.amountMinor)
    const open = credited
      .filter((one) => one.currency === credit.currency && one.amountMinor > one.creditedMinor)
      .sort((a, b) => fit(a, credit) - fit(b, credit) || (orderOf(a) < orderOf(b) ? -1 : 1))
    for (const one of open) {
      const taken = Math.min(left, one.amountMinor - one.creditedMinor)
      one.creditedMinor += taken
      left -= taken
    }
    if (left > 0) leftOver.push({ currency: credit.currency, minor: left })
  }
  return { differences: credited, leftOver }
}

const fit = (difference: Credited, credit: BilledLine): number => {
  const isAmount = difference.amountMinor - difference.creditedMinor === -credit.amountMinor
  const isCode = difference.code !== '' && difference.code === credit.code
  return isAmount && isCode ? 0 : isAmount ? 1 : isCode ? 2 : 3
}

const orderOf = ({ invoiceDate, key }: Credited) => `${invoiceDate} ${key}`
