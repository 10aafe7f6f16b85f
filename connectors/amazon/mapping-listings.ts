import {
  ConnectorError,
  type FieldIssue,
  type ItemResult,
  type ListingStatus,
  parseMoney,
  type RemoteListing,
} from 'entrepot/sdk'
import type { AmazonIssue, AmazonListing, FeedReport, Submission } from './schemas.ts'
import type { AmazonSettings } from './settings.ts'

/** Amazon's complaints in our shape: one for each attribute named, or one without a field. */
function toFieldIssues(
  issues: readonly (AmazonIssue & { attributeName?: string | undefined })[],
): FieldIssue[] {
  return issues.flatMap((issue) => {
    const named = issue.attributeNames ?? (issue.attributeName ? [issue.attributeName] : [])
    const fields: (string | null)[] = named.length > 0 ? named : [null]
    return fields.map((field) => ({
      field,
      code: issue.code,
      message: issue.message,
      severity: issue.severity === 'ERROR' ? ('error' as const) : ('warning' as const),
    }))
  })
}

const refusal = (sku: string, issues: readonly FieldIssue[]): ConnectorError => {
  const first = issues.find((issue) => issue.severity === 'error') ?? issues[0]
  const words = first?.message ?? 'without saying why'
  return new ConnectorError('rejected', `Amazon refused ${sku}: ${words}`, {
    vendorMessage: first?.message,
    vendorCode: first?.code ?? undefined,
    issues,
  })
}

/** What became of a put or patch: INVALID is a refusal by field, ACCEPTED may carry warnings. */
export function toItemResult(sku: string, submission: Submission): ItemResult {
  if (submission.status === 'ACCEPTED') return { ok: true, externalId: sku }
  if (submission.status === 'INVALID')
    return { ok: false, error: refusal(sku, toFieldIssues(submission.issues ?? [])) }
  return {
    ok: false,
    error: new ConnectorError(
      'unexpected',
      `Amazon answered ${sku} with the unknown status ${submission.status}.`,
    ),
  }
}

/**
 * The report's verdict for message `n` of each SKU (1 for the first). A message that no error names is
 * accepted, as long as the report accepts that many; otherwise the report is not whole and nothing is taken
 * as accepted.
 */
export function toFeedResults(skus: readonly string[], report: FeedReport): ItemResult[] {
  const byMessage = Map.groupBy(report.issues, (issue) => issue.messageId ?? 0)
  const hasError = (n: number) => byMessage.get(n)?.some((issue) => issue.severity === 'ERROR') ?? false
  const clean = skus.filter((_, index) => !hasError(index + 1)).length
  const { messagesAccepted, messagesProcessed } = report.summary
  return skus.map((sku, index) => {
    if (hasError(index + 1))
      return { ok: false, error: refusal(sku, toFieldIssues(byMessage.get(index + 1)!)) }
    if (clean > messagesAccepted) {
      const told = `${messagesAccepted} of ${messagesProcessed} messages accepted, but ${clean} without an error`
      return {
        ok: false,
        error: new ConnectorError(
          'unexpected',
          `The feed's report says nothing reliable of ${sku}: ${told}.`,
        ),
      }
    }
    return { ok: true, externalId: sku }
  })
}

/** A listing as Amazon has it, or null for the parent of a variation family, which is not sold itself. */
export function toRemoteListing(item: AmazonListing, settings: AmazonSettings): RemoteListing | null {
  const { marketplaceId } = settings
  const related =
    item.relationships?.find((entry) => entry.marketplaceId === marketplaceId)?.relationships ?? []
  const variation = related.filter((entry) => entry.type === 'VARIATION')
  if (variation.some((entry) => (entry.childSkus?.length ?? 0) > 0)) return null
  const summary = item.summaries?.find((entry) => entry.marketplaceId === marketplaceId)
  const offer = item.offers?.find(
    (entry) => entry.marketplaceId === marketplaceId && entry.offerType === 'B2C',
  )
  return {
    externalId: item.sku,
    externalParentId: variation.flatMap((entry) => entry.parentSkus ?? [])[0] ?? null,
    sku: item.sku,
    title: summary?.itemName ?? '',
    status: toStatus(item, summary?.status ?? null, offer !== undefined),
    price: offer ? parseMoney(offer.price.amount, offer.price.currencyCode) : null,
    quantity: merchantQuantity(item),
    issues: toFieldIssues(item.issues ?? []),
  }
}

const merchantQuantity = (item: AmazonListing): number | null =>
  item.fulfillmentAvailability?.find((entry) => entry.fulfillmentChannelCode === 'DEFAULT')?.quantity ?? null

/** Amazon says BUYABLE and DISCOVERABLE only. Sold out is still live, and no offer at all is what `endListing` leaves. */
function toStatus(item: AmazonListing, statuses: readonly string[] | null, hasOffer: boolean): ListingStatus {
  if (statuses?.includes('BUYABLE')) return 'live'
  if (item.issues?.some((issue) => issue.severity === 'ERROR')) return 'rejected'
  if (statuses === null) return 'pending'
  const isSoldOut = merchantQuantity(item) === 0
  if (isSoldOut) return hasOffer ? 'live' : 'ended'
  return 'pending'
}
