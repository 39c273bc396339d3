import { collectDefaultMetrics, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/**
 * A Prometheus registry of the app's own, labelled `app`, with the process metrics (memory, CPU, event loop lag,
 * garbage collection) already in it. Register further metrics with `registers: [metrics]`.
 */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}
