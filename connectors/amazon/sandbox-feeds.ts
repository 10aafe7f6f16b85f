import { gzipSync } from 'node:zlib'
import type { Clock } from 'entrepot/sdk'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { type Gate, refuse } from './sandbox-gate.ts'
import { type Issue, type Ledger, patchesSchema } from './sandbox-ledger.ts'

type Feed = {
  feedId: string
  inputDocumentId: string
  createdAt: Date
  doneAt: Date
  resultDocumentId: string | null
}
type Document = { contentType: string; content: Buffer | null; urlUntil: number }

const feedSchema = z.object({
  header: z.object({ sellerId: z.string(), version: z.literal('2.0') }),
  messages: z.array(
    z.object({
      messageId: z.int().positive(),
      sku: z.string().min(1),
      operationType: z.literal('PATCH'),
      productType: z.string().min(1),
      patches: patchesSchema.min(1),
    }),
  ),
})
const specificationSchema = z.object({
  feedType: z.literal('JSON_LISTINGS_FEED'),
  marketplaceIds: z.array(z.string()).min(1).max(25),
  inputFeedDocumentId: z.string(),
})
const urlLifeMs = 5 * 60 * 1000
const contentTypeSchema = z.object({ contentType: z.string().min(1) })

/** The Feeds API 2021-06-30 and the store its presigned addresses lead to. Feeds are done when their time has come. */
export function serveFeeds(app: Hono, gate: Gate, ledger: Ledger, clock: Clock, feedDelayMs: number) {
  const root = '/feeds/2021-06-30'
  const feeds = new Map<string, Feed>()
  const documents = new Map<string, Document>()
  let waiting: Feed[] = []
  const badInput = (c: Context, message: string) => refuse(c, 400, 'InvalidInput', message)
  const now = () => clock.now().getTime()

  const newDocument = (contentType: string, content: Buffer | null): string => {
    const id = `amzn1.tortuga.4.eu.document-${documents.size + 1}`
    documents.set(id, { contentType, content, urlUntil: 0 })
    return id
  }
  /** A new presigned address, good for five minutes. */
  const urlOf = (c: Context, id: string): string => {
    documents.get(id)!.urlUntil = now() + urlLifeMs
    return `${new URL(c.req.url).origin}/store/${id}?X-Amz-Expires=300&X-Amz-Signature=${now().toString(16)}`
  }
  /** Lets the feeds happen whose time has come, in the order they were submitted. */
  const processDue = (): void => {
    const due = waiting.filter((feed) => feed.doneAt.getTime() <= now())
    if (due.length === 0) return
    waiting = waiting.filter((feed) => !due.includes(feed))
    for (const feed of due) {
      const report = Buffer.from(
        JSON.stringify(runFeed(feed, documents.get(feed.inputDocumentId)!.content!, ledger)),
      )
      feed.resultDocumentId = newDocument('application/json', gzipSync(report))
    }
  }

  app.post(`${root}/documents`, gate.operation('createFeedDocument'), async (c) => {
    const body = contentTypeSchema.safeParse(await c.req.json().catch(() => null))
    if (!body.success) return badInput(c, 'contentType is required.')
    const feedDocumentId = newDocument(body.data.contentType, null)
    return c.json({ feedDocumentId, url: urlOf(c, feedDocumentId) }, 201)
  })

  app.post(`${root}/feeds`, gate.operation('createFeed'), async (c) => {
    const body = specificationSchema.safeParse(await c.req.json().catch(() => null))
    if (!body.success) return badInput(c, 'Invalid feed specification.')
    const { inputFeedDocumentId } = body.data
    if (!documents.get(inputFeedDocumentId)?.content)
      return badInput(c, 'The feed document was not uploaded.')
    const feed: Feed = {
      feedId: String(50_000_000_001 + feeds.size),
      inputDocumentId: inputFeedDocumentId,
      createdAt: clock.now(),
      doneAt: new Date(now() + feedDelayMs),
      resultDocumentId: null,
    }
    feeds.set(feed.feedId, feed)
    waiting.push(feed)
    return c.json({ feedId: feed.feedId }, 202)
  })

  app.get(`${root}/feeds/:feedId`, gate.operation('getFeed'), (c) => {
    processDue()
    const feed = feeds.get(c.req.param('feedId'))
    if (!feed) return refuse(c, 404, 'NOT_FOUND', 'There is no such feed.')
    return c.json(describeFeed(feed, now()))
  })

  app.get(`${root}/documents/:documentId`, gate.operation('getFeedDocument'), (c) => {
    const feedDocumentId = c.req.param('documentId')
    if (!documents.get(feedDocumentId)?.content)
      return refuse(c, 404, 'NOT_FOUND', 'There is no such document.')
    return c.json({ feedDocumentId, url: urlOf(c, feedDocumentId), compressionAlgorithm: 'GZIP' })
  })

  app.put('/store/:id', async (c) => {
    const document = documents.get(c.req.param('id'))
    const refusal = refusalOf(c, document, now())
    if (refusal || !document) return refusal ?? c.text('NoSuchKey', 404)
    if (c.req.header('content-type') !== document.contentType) return c.text('SignatureDoesNotMatch', 403)
    document.content = Buffer.from(await c.req.arrayBuffer())
    return c.body(null, 200)
  })

  app.get('/store/:id', (c) => {
    const document = documents.get(c.req.param('id'))
    const refusal = refusalOf(c, document, now())
    if (refusal || !document?.content) return refusal ?? c.text('NoSuchKey', 404)
    return c.body(new Uint8Array(document.content), 200, { 'content-type': 'binary/octet-stream' })
  })

  return { processDue }
}

/** What S3 says to an address that is out of date, or that comes with a second authentication. */
function refusalOf(c: Context, document: Document | undefined, now: number) {
  if (c.req.header('x-amz-access-token') || c.req.header('authorization'))
    return c.text('Only one auth mechanism allowed', 400)
  if (document && document.urlUntil < now) return c.text('Request has expired', 403)
  return null
}

function describeFeed(feed: Feed, now: number) {
  const createdTime = feed.createdAt.toISOString()
  const common = { feedId: feed.feedId, feedType: 'JSON_LISTINGS_FEED', createdTime }
  const half = (feed.createdAt.getTime() + feed.doneAt.getTime()) / 2
  if (feed.resultDocumentId === null && now < half) return { ...common, processingStatus: 'IN_QUEUE' }
  const processingStartTime = new Date(half).toISOString()
  if (feed.resultDocumentId === null)
    return { ...common, processingStatus: 'IN_PROGRESS', processingStartTime }
  return {
    ...common,
    processingStatus: 'DONE',
    processingStartTime,
    processingEndTime: feed.doneAt.toISOString(),
    resultFeedDocumentId: feed.resultDocumentId,
  }
}

/** Applies the messages one by one and reports on them. */
function runFeed(feed: Feed, content: Buffer, ledger: Ledger) {
  const parsed = feedSchema.safeParse(JSON.parse(content.toString('utf8')))
  const messages = parsed.success ? parsed.data.messages : []
  const issues: (Issue & { messageId: number })[] = []
  const refused = new Set<number>()
  for (const { messageId, sku, productType, patches } of messages) {
    const found = ledger.patch(sku, productType, patches) ?? [unknownSku(sku)]
    issues.push(...found.map((issue) => ({ messageId, ...issue })))
    if (found.some((issue) => issue.severity === 'ERROR')) refused.add(messageId)
  }
  return {
    header: { sellerId: parsed.data?.header.sellerId ?? '', version: '2.0', feedId: feed.feedId },
    issues,
    summary: {
      errors: issues.filter((issue) => issue.severity === 'ERROR').length,
      warnings: issues.filter((issue) => issue.severity === 'WARNING').length,
      messagesProcessed: messages.length,
      messagesAccepted: messages.length - refused.size,
      messagesInvalid: refused.size,
    },
  }
}

const unknownSku = (sku: string): Issue => ({
  code: '13013',
  message: `The SKU ${sku} is not in the Amazon catalog.`,
  severity: 'ERROR',
  attributeNames: [],
  categories: [],
})
