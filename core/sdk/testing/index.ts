/** What a connector's tests may import. */
export { createTestClient, memoryTokens } from './context.ts'
