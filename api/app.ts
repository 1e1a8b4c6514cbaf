// oxlint-disable-next-line import/no-unassigned-import -- decorators of class-transformer need it loaded before the first class
import 'reflect-metadata';
import { Router, type RouterMiddleware } from '@koa/router';
import Koa, { type Middleware } from 'koa';

import { cartsRoutes } from './carts/carts.routes';
import { catalogRoutes } from './catalog/catalog.routes';
import { checkoutRoutes } from './checkout/checkout.routes';
import type { Dependencies } from './dependencies';
import { docsRoutes } from './docs/docs.routes';
import { healthRoutes } from './health/health.routes';
import { logAccess } from './middleware/access-log';
import { readableAddress } from './middleware/address';
import { readBody } from './middleware/body';
import { allowOrigins } from './middleware/cross-origin';
import { renderProblems } from './middleware/problems';
import { createRateLimits } from './middleware/rate-limit';
import { startRequest } from './middleware/request-id';
import { securityHeaders } from './middleware/security-headers';
import { refuseUnknownRoutes } from './middleware/unknown-route';
import { describeApi } from './openapi/document';
import { operationsRoutes } from './operations/operations.routes';
import { ordersRoutes } from './orders/orders.routes';
import { paymentResultRoutes, paymentCallbackRoutes } from './payments/payments.routes';
import { publicRouter, staffRouter, webhookRouter, type RegisteredRoute } from './routers';

/** A list of routes, whatever its kind. */
export interface Registered {
  readonly routes: readonly RegisteredRoute[];
}

/** All routes of the shop. A room of the API is a line here. */
export function registerRoutes(dependencies: Dependencies): readonly Registered[] {
  const health = publicRouter('');
  const shop = publicRouter();
  const staff = staffRouter(dependencies.config.api.staffTokens);
  const webhooks = webhookRouter();

  healthRoutes(health, dependencies);
  catalogRoutes(shop, dependencies);
  cartsRoutes(shop, dependencies);
  checkoutRoutes(shop, dependencies);
  ordersRoutes(shop, dependencies);
  paymentResultRoutes(shop, dependencies);
  paymentCallbackRoutes(webhooks, dependencies);
  operationsRoutes(staff, dependencies);

  return [health, shop, webhooks, staff];
}

/**
 * The API as a Koa app: what happens to every request, then the routes. It opens nothing and listens nowhere.
 *
 * @param registered other routes than the shop's, for a test of what happens around them
 */
export function createApp(
  dependencies: Dependencies,
  registered: readonly Registered[] = registerRoutes(dependencies),
): Koa {
  const { config, logger, metrics, rateLimiter } = dependencies;
  const router = new Router();
  for (const { method, path, guards, handler } of registered.flatMap(({ routes }) => routes)) {
    const nameRoute: RouterMiddleware = (ctx, next) => {
      ctx.state.route = path;
      return next();
    };
    router.register(path, [method], [nameRoute, ...guards, handler] as RouterMiddleware[]);
  }
  docsRoutes(router, describeApi(registered));

  const app = new Koa();
  app.use(
    startRequest({
      logger,
      trustedProxies: config.api.trustedProxies,
      rateLimits: createRateLimits(rateLimiter, config.rateLimits),
    }),
  );
  app.use(logAccess(metrics) as Middleware);
  app.use(securityHeaders(config.publicAddress.publicUrl));
  app.use(allowOrigins(config.api.browserOrigins));
  app.use(renderProblems as Middleware);
  app.use(readableAddress);
  app.use(readBody(config.api.bodyLimitBytes));
  app.use(router.routes());
  app.use(refuseUnknownRoutes(router));
  // Everything thrown has become an answer by now; what arrives here is a caller who left while it was being written.
  app.on('error', (error: unknown) => logger.debug({ err: error }, 'the answer could not be delivered'));
  return app;
}
