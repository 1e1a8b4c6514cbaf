import type { Worker } from '@temporalio/worker';

import { startHttpServer, type RunningServer } from '../platform/http-server';

/** Serves `/health/live` and `/health/ready`. Ready means that every worker takes tasks. */
export function startWorkerHealth(
  workers: readonly Worker[],
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  return startHttpServer(
    (request, response) => {
      const path = request.url?.split('?')[0];
      const states = workers.map((worker) => worker.getState());
      const isReady = states.every((state) => state === 'RUNNING');
      if (path === '/health/live') answer(200, { status: 'live' });
      else if (path === '/health/ready') {
        answer(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', workers: states });
      } else answer(404, { status: 'unknown' });

      function answer(status: number, body: object): void {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      }
    },
    { host, port },
  );
}
