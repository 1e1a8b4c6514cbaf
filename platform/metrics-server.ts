import { startHttpServer, type RunningServer } from './http-server';
import type { Metrics } from './metrics';

/** Serves `/metrics` in the Prometheus text format, on a separate port that must not be public. */
export function startMetricsServer(
  metrics: Metrics,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  return startHttpServer(
    (request, response) => {
      if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      metrics.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
    { host, port },
  );
}
