/** What a connector's tests may import. */
export { createTestClient, memoryTokens, type TestClientOptions } from './context.ts'
export { connectorChecks, describeConnector } from './describe-connector.ts'
export { courierChecks, describeCourier } from './describe-courier.ts'
export { describePlugin, type PluginSamples, type PluginStage } from './describe-plugin.ts'
export type { Check, CourierSubject, Subject } from './subject.ts'
