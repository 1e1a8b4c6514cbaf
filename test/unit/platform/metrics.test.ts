import { expect, test } from 'vitest';

import { createMetrics } from '../../../platform/metrics';
import { startMetricsServer } from '../../../platform/metrics-server';

test('the same name gives the same instrument', async () => {
  const metrics = createMetrics();
  metrics.counter('orders_total', 'Orders.', ['status']).inc({ status: 'placed' });
  metrics.counter('orders_total', 'Orders.', ['status']).inc({ status: 'placed' });

  expect(await metrics.registry.metrics()).toContain('orders_total{status="placed"} 2');
});

test('metrics are served as text on a separate port, and nothing else is', async () => {
  const metrics = createMetrics({ process: true });
  metrics.gauge('waiting', 'Who waits.', [], function () {
    this.set(7);
  });
  const server = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0 });

  const answer = await fetch(`${server.url}/metrics`);
  const other = await fetch(`${server.url}/secrets`);
  const posted = await fetch(`${server.url}/metrics`, { method: 'POST' });
  await server.close();

  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toMatch(/process_cpu_seconds_total[\s\S]*waiting 7/);
  expect([other.status, posted.status]).toEqual([404, 404]);
});
