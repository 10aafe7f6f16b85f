/** What a connector's tests may import. */
export { createTestClient, memoryTokens, type TestClientOptions } from './context.ts'
export { connectorChecks, describeConnector } from './describe-connector.ts'
export type { Check, Subject } from './subject.ts'
