import { z } from 'zod'

/** What the platform really sends: only the fields that are read, unknown words kept as text. */

/** https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api */
export const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })
export const tokenRefusalSchema = z.object({ error: z.string(), error_description: z.string().optional() })

const issueSchema = z.object({
  code: z.string(),
  message: z.string(),
  severity: z.string(),
  attributeNames: z.array(z.string()).optional(),
})
export type AmazonIssue = z.infer<typeof issueSchema>

/** https://developer-docs.amazon.com/sp-api/reference/patchlistingsitem */
export const submissionSchema = z.object({
  sku: z.string(),
  status: z.string(),
  submissionId: z.string(),
  issues: z.array(issueSchema).optional(),
})
export type Submission = z.infer<typeof submissionSchema>

const amountSchema = z.object({ amount: z.string(), currencyCode: z.string() })

/** https://developer-docs.amazon.com/sp-api/reference/getlistingsitem */
export const listingSchema = z.object({
  sku: z.string(),
  summaries: z
    .array(
      z.object({
        marketplaceId: z.string(),
        status: z.array(z.string()),
        itemName: z.string().optional(),
        createdDate: z.iso.datetime({ offset: true }),
      }),
    )
    .optional(),
  offers: z
    .array(z.object({ marketplaceId: z.string(), offerType: z.string(), price: amountSchema }))
    .optional(),
  fulfillmentAvailability: z
    .array(z.object({ fulfillmentChannelCode: z.string(), quantity: z.int().optional() }))
    .optional(),
  issues: z.array(issueSchema).optional(),
  relationships: z
    .array(
      z.object({
        marketplaceId: z.string(),
        relationships: z.array(
          z.object({
            type: z.string(),
            childSkus: z.array(z.string()).optional(),
            parentSkus: z.array(z.string()).optional(),
          }),
        ),
      }),
    )
    .optional(),
})
export type AmazonListing = z.infer<typeof listingSchema>

/** https://developer-docs.amazon.com/sp-api/reference/searchlistingsitems ; each item is parsed by itself. */
export const listingsPageSchema = z.object({
  numberOfResults: z.int(),
  pagination: z.object({ nextToken: z.string().optional() }).optional(),
  items: z.array(z.unknown()),
})

/** https://developer-docs.amazon.com/sp-api/reference/createfeeddocument */
export const newDocumentSchema = z.object({ feedDocumentId: z.string(), url: z.url() })
export const documentSchema = z.object({ url: z.url(), compressionAlgorithm: z.string().optional() })
export const newFeedSchema = z.object({ feedId: z.string().min(1) })
/** https://developer-docs.amazon.com/sp-api/reference/getfeed */
export const feedSchema = z.object({
  feedId: z.string(),
  processingStatus: z.string(),
  resultFeedDocumentId: z.string().optional(),
})

/** The processing report of a JSON_LISTINGS_FEED. https://developer-docs.amazon.com/sp-api/docs/listings-feed-type-values */
export const feedReportSchema = z.object({
  issues: z
    .array(issueSchema.extend({ messageId: z.int().optional(), attributeName: z.string().optional() }))
    .default([]),
  summary: z.object({
    messagesProcessed: z.int(),
    messagesAccepted: z.int(),
    messagesInvalid: z.int(),
  }),
})
export type FeedReport = z.infer<typeof feedReportSchema>

/** https://developer-docs.amazon.com/sp-api/reference/getmarketplaceparticipations */
export const participationsSchema = z.object({
  payload: z
    .array(
      z.object({
        marketplace: z.object({ id: z.string(), name: z.string() }),
        storeName: z.string(),
        participation: z.object({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean() }),
      }),
    )
    .default([]),
})

/** https://developer-docs.amazon.com/sp-api/reference/searchdefinitionsproducttypes */
export const productTypesSchema = z.object({
  productTypes: z.array(z.object({ name: z.string(), displayName: z.string() })),
})
