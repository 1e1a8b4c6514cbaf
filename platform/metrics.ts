import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The metrics of one process. The same name always gives the same instrument. */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  /** @param collect sets the values whenever the metrics are read */
  gauge<Label extends string>(
    name: string,
    help: string,
    labels?: readonly Label[],
    collect?: (this: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label>;
  /** @param buckets upper bounds, in seconds for times */
  histogram<Label extends string>(
    name: string,
    help: string,
    labels?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param options `process`: adds memory, CPU and event loop of the process; use it once per process */
export function createMetrics({ process = false }: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const known = (name: string): unknown => registry.getSingleMetric(name);

  return {
    registry,
    counter<Label extends string>(name: string, help: string, labels: readonly Label[] = []) {
      return (
        (known(name) as Counter<Label> | undefined) ??
        new Counter<Label>({ name, help, labelNames: [...labels], registers: [registry] })
      );
    },
    gauge<Label extends string>(
      name: string,
      help: string,
      labels: readonly Label[] = [],
      collect?: (this: Gauge<Label>) => void | Promise<void>,
    ) {
      const options = { name, help, labelNames: [...labels], registers: [registry] };
      return (
        (known(name) as Gauge<Label> | undefined) ??
        new Gauge<Label>(collect ? { ...options, collect } : options)
      );
    },
    histogram<Label extends string>(
      name: string,
      help: string,
      labels: readonly Label[] = [],
      buckets: readonly number[] = SECONDS,
    ) {
      return (
        (known(name) as Histogram<Label> | undefined) ??
        new Histogram<Label>({
          name,
          help,
          labelNames: [...labels],
          buckets: [...buckets],
          registers: [registry],
        })
      );
    },
  };
}
