// oxlint-disable-next-line import/no-unassigned-import -- decorators of class-transformer need it loaded before the first class
import 'reflect-metadata';
import { Router, type RouterMiddleware } from '@koa/router';
import Koa, { type Middleware } from 'koa';

import { createRateLimiter } from '../platform/rate-limit';
import { createDependencies, type ApiSettings, type Dependencies, type Neighbours } from './dependencies';
import { dispatchTo } from './dispatch';
import { docsRoutes } from './docs/docs.routes';
import { catalogExportRoutes } from './imports/catalog-export.routes';
import { acceptableHead } from './middleware/acceptable-head';
import { logAccess } from './middleware/access-log';
import { readableAddress } from './middleware/address';
import { bodyReader } from './middleware/body';
import { allowOrigins } from './middleware/cross-origin';
import { renderProblems } from './middleware/problems';
import { rateLimit } from './middleware/rate-limit';
import { startRequest } from './middleware/request-id';
import { securityHeaders } from './middleware/security-headers';
import { refuseUnknownRoutes } from './middleware/unknown-route';
import { describeApi } from './openapi/document';
import { picturesRoutes } from './pictures/pictures.routes';
import { storageRoutes } from './pictures/storage.routes';
import { createRateLimits } from './rate-limits';
import type { RegisteredRoute } from './router';
import { registerRoutes } from './routes';

/**
 * The API as a Koa app: what happens to every request, then the routes. It opens no connection and does not listen.
 *
 * @param register registers other routes than the shop's, for a test of what happens around them
 */
export function createApi(
  settings: ApiSettings,
  neighbours: Neighbours,
  register: (dependencies: Dependencies) => readonly RegisteredRoute[] = registerRoutes,
): Koa {
  const { api, edge, publicAddress, rateLimits } = settings;
  const { logger, metrics, redis } = neighbours;
  const dependencies = createDependencies(settings, neighbours);
  const routes = register(dependencies);
  const router = mount(routes);
  docsRoutes(router, describeApi(routes));
  picturesRoutes(router);
  storageRoutes(router, neighbours.storage);
  catalogExportRoutes(router, dependencies);
  const dispatch = dispatchTo(router);

  const app = new Koa();
  app.use(
    startRequest({
      logger,
      trustedProxies: edge.trustedProxies,
      rateLimits: createRateLimits(createRateLimiter(redis, logger), rateLimits),
      readBody: bodyReader(api.bodyLimitBytes),
    }),
  );
  app.use(logAccess(metrics, logger) as Middleware);
  app.use(securityHeaders(publicAddress.publicUrl));
  app.use(allowOrigins(edge.browserOrigins));
  app.use(renderProblems as Middleware);
  app.use(acceptableHead);
  app.use(readableAddress);
  app.use(dispatch.routes);
  app.use(rateLimit('other') as Middleware);
  app.use(refuseUnknownRoutes(dispatch));
  // Everything thrown has become an answer by now. An error here means that the caller left while it was being written.
  app.on('error', (error: unknown) => logger.debug({ err: error }, 'the answer could not be delivered'));
  return app;
}

function mount(routes: readonly RegisteredRoute[]): Router {
  const router = new Router();
  for (const { method, path, guards, answer } of routes) {
    const nameRoute: RouterMiddleware = (ctx, next) => {
      ctx.state.route = path;
      return next();
    };
    router.register(path, [method], [nameRoute, ...guards, answer] as RouterMiddleware[]);
  }
  return router;
}
