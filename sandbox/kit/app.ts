import Koa, { type Context, type Middleware } from 'koa';

import type { Logger } from '../../platform/logger';
import { json, send, type Outcome } from './answer';
import { readCall } from './call';
import { createEndpoints } from './endpoints';
import { ownRoutes } from './own-routes';
import type { Sandbox } from './provider';

/** The sandbox as a Koa app. What changed is written before an answer begins. */
export function createApp(sandbox: Sandbox, logger: Logger | undefined): Koa {
  const app = new Koa();
  // What arrives here is a caller who left while the answer was being written.
  app.on('error', (error: unknown) => logger?.debug({ err: error }, 'the answer could not be delivered'));
  app.use(async (ctx, next) => {
    try {
      ctx.state.call = await readCall(ctx, sandbox.provider.bodyLimitBytes);
      await next();
    } catch (error) {
      send(ctx, failure(ctx, error, logger));
    }
    sandbox.kit.store.flush();
  });
  const endpoints = createEndpoints(sandbox);
  app.use(endpoints.routes as Middleware);
  app.use(ownRoutes(sandbox));
  app.use((ctx) => send(ctx, endpoints.nothing(ctx)));
  return app;
}

function failure(ctx: Context, error: unknown, logger: Logger | undefined): Outcome {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status < 500) {
    const answer = json(status, { error: (error as Error).message });
    // What was not read of a body must not be taken for the next request.
    return ctx.state.call ? answer : { ...answer, headers: { Connection: 'close' } };
  }
  // The caller left before the request was read.
  if (ctx.req.destroyed) return { hangUp: 'silence' };
  logger?.error({ err: error, path: ctx.url }, 'sandbox failed');
  return json(500, { error: 'the sandbox itself has failed: see its log' });
}
