import { Router } from '@koa/router';
import type { Context } from 'koa';
import { expect, test } from 'vitest';

import { dispatchTo } from '../../../api/dispatch';

const PATHS = [
  '/',
  '/docs',
  '/docs/start.js',
  '/problems/:code',
  '/api/v1/products',
  '/api/v1/products/:slug',
  '/api/v1/products/search',
  '/api/v1/products/:id/pictures/:picture',
  '/api/v1/orders/current',
  '/api/:version/orders/:id',
  '/:page',
  '/files/{*path}',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** Each route answers with its own name and its parameters. */
function routerOf(paths: readonly string[]): Router {
  const router = new Router();
  for (const [n, path] of paths.entries())
    router.register(path, [METHODS[n % METHODS.length]!, 'PATCH'], (ctx) => {
      ctx.body = { path, params: { ...ctx.params } };
    });
  return router;
}

const ASKED = [
  ...PATHS.flatMap((path) => {
    const asked = path.replaceAll(/[:{*}]/g, '');
    return [asked, `${asked}/`, `${asked}//`, asked.toUpperCase(), `${asked}/more`, `/${asked}`];
  }),
  '/api/v1/products/%D8%B3',
  '/api/v1/products/a/pictures/b/',
  '/api/v2/orders/current',
  '/files/a/b/c/d/e/f',
  '',
  'x',
];

test('the route of a path is the one that a router of all routes finds first, with the same parameters', async () => {
  const router = routerOf(PATHS);
  const { routes, methodsOf } = dispatchTo(router);
  const ask = async (middleware: typeof routes, method: string, path: string) => {
    const ctx = { method, path, host: 'shop', params: {}, request: {} } as unknown as Context;
    let isUnknown = false;
    await middleware(ctx, () => {
      isUnknown = true;
      return Promise.resolve();
    });
    return isUnknown ? 'unknown' : ctx.body;
  };
  let found = 0;
  for (const path of ASKED) {
    for (const method of [...METHODS, 'HEAD', 'PATCH', 'OPTIONS', 'INVENTED']) {
      const expected = await ask(router.routes() as never, method, path);
      expect(await ask(routes, method, path), `${method} ${path}`).toEqual(expected);
      if (expected !== 'unknown') found += 1;
    }
    const methods = router.match(path, 'GET').path.flatMap((layer) => layer.methods);
    expect(methodsOf(path), path).toEqual(methods);
  }
  expect(found).toBeGreaterThan(60);
});
