import { createHash } from 'node:crypto';

import Koa from 'koa';

import { startHttpServer } from '../../platform/http-server';

/** A Koa app that sends what its parent gives it, with the shop's headers, and does nothing else: at `/buffer` as bytes, else as a text. */
process.once('message', (body: string) => {
  const bytes = Buffer.from(body);
  const app = new Koa();
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  app.use((ctx) => {
    ctx.type = 'application/json';
    ctx.etag = etag;
    ctx.body = ctx.path === '/buffer' ? bytes : body;
  });
  void startHttpServer(app.callback(), { host: '127.0.0.1', port: 0 }).then(({ url }) => process.send?.(url));
});
process.on('disconnect', () => process.exit(0));
