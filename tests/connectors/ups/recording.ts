import { Hono } from 'hono'

/** One request with its answer; bodies are parsed where they are JSON. */
export type Exchange = {
  method: string
  url: URL
  headers: Record<string, string>
  body: unknown
  status: number
  answer: unknown
  answerHeaders: Record<string, string>
}

const parse = (text: string): unknown => {
  if (text === '') return undefined
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
      answer: parse(await answer.clone().text()),
      answerHeaders: Object.fromEntries(answer.headers),
    })
    return answer
  })
  return { app, exchanges }
}
