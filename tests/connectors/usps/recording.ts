import { Hono } from 'hono'
import { readMultipart } from '../../../connectors/usps/multipart.ts'

/** One request with its answer; bodies are parsed where they are JSON, and answers where they are multipart. */
export type Exchange = {
  method: string
  url: URL
  headers: Record<string, string>
  body: unknown
  status: number
  answer: unknown
  answerHeaders: Record<string, string>
}

const parse = (text: string, contentType = ''): unknown => {
  if (text === '') return undefined
  const parts = readMultipart(contentType, text)
  if (parts)
    return Object.fromEntries(
      [...parts].map(([name, part]) => [
        name,
        part.contentType === 'application/json' ? JSON.parse(part.text) : part.text,
      ]),
    )
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** An app in front of another that keeps every request with its answer. */
export function recording(inner: Hono): { app: Hono; exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  const app = new Hono()
  app.all('*', async (c) => {
    const body = parse(await c.req.raw.clone().text())
    const answer = await inner.fetch(c.req.raw, c.env)
    exchanges.push({
      method: c.req.method,
      url: new URL(c.req.url),
      headers: c.req.header(),
      body,
      status: answer.status,
      answer: parse(await answer.clone().text(), answer.headers.get('content-type') ?? ''),
      answerHeaders: Object.fromEntries(answer.headers),
    })
    return answer
  })
  return { app, exchanges }
}
