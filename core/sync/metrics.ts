import { Counter, Gauge, Registry } from 'prom-client'

/** What Prometheus reads at /metrics. Label values are ids and words of ours, never personal data. */
export type HubMetrics = {
  registry: Registry
  callFailures: Counter<'connection' | 'kind'>
  itemsPushed: Counter<'connection' | 'aspect' | 'outcome'>
  ordersPulled: Counter<'connection' | 'outcome'>
  freshnessSeconds: Gauge<'connection' | 'aspect'>
  dirtyListings: Gauge<'connection' | 'aspect'>
  bucketTokens: Gauge<'connection' | 'bucket'>
  bucketCalls: Gauge<'connection' | 'bucket' | 'outcome'>
  queueDepth: Gauge<'queue' | 'state'>
}

/** The hub's metrics in a registry of their own, so that several hubs fit into one process. */
export function createMetrics(): HubMetrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `entrepot_${name}`, help, labelNames, registers })
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `entrepot_${name}`, help, labelNames, registers })
  return {
    registry,
    callFailures: counter('call_failures_total', 'Remote calls and items that failed, by kind of failure.', [
      'connection',
      'kind',
    ]),
    itemsPushed: counter('items_pushed_total', 'Listing aspects pushed, by outcome.', [
      'connection',
      'aspect',
      'outcome',
    ]),
    ordersPulled: counter('orders_pulled_total', 'Orders read from marketplaces, by outcome.', [
      'connection',
      'outcome',
    ]),
    freshnessSeconds: gauge(
      'freshness_seconds',
      'Age of the oldest change that a marketplace has not acknowledged; 0 when in step.',
      ['connection', 'aspect'],
    ),
    dirtyListings: gauge('dirty_listings', 'Listings whose wanted revision is not acknowledged.', [
      'connection',
      'aspect',
    ]),
    bucketTokens: gauge('bucket_tokens', 'Tokens left in a rate bucket; negative when calls wait.', [
      'connection',
      'bucket',
    ]),
    bucketCalls: gauge(
      'bucket_calls',
      'Calls taken from a bucket and refused by the platform since the connection exists.',
      ['connection', 'bucket', 'outcome'],
    ),
    queueDepth: gauge('queue_jobs', 'Jobs by queue and state.', ['queue', 'state']),
  }
}
