/** The same pages, the next one on its way while one is worked on. At most two are held. */
export async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const source = pages[Symbol.asyncIterator]()
  let next = source.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done) return
      next = source.next()
      // It is awaited in the next turn; until then nobody else hears of its failure.
      next.catch(() => {})
      yield value
    }
  } finally {
    await source.return?.()
  }
}
