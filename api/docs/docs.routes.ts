import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Router, RouterMiddleware } from '@koa/router';

import { ERRORS, assertThat, type ErrorCode } from '../../entities/errors';
import { tagAnswer, tagOf } from '../middleware/conditional';
import { rateLimit } from '../middleware/rate-limit';
import type { OpenApiDocument } from '../openapi/document';

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'index.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

/** Scripts of our own origin only. The page's script sets styles, which needs inline styles. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Asoud API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/index.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
});
`;

/** The document, a page to read it and try it out, and the list of problems. Nothing is loaded from another host. */
export function docsRoutes(router: Router, document: OpenApiDocument): void {
  const folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
  const limit = rateLimit('other') as RouterMiddleware;

  router.get(
    '/openapi.json',
    limit,
    serve(Buffer.from(JSON.stringify(document)), 'application/json', 'public, max-age=60'),
  );

  router.get('/', limit, (ctx) => {
    assertThat(ctx.path === '/', 'route.not_found');
    ctx.redirect('/docs');
  });

  router.get('/docs', limit, (ctx) => {
    ctx.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    ctx.type = 'text/html';
    ctx.body = PAGE;
  });

  router.get('/docs/start.js', limit, (ctx) => {
    ctx.type = 'text/javascript';
    ctx.body = START;
  });

  for (const [file, type] of Object.entries(FILES)) {
    const bytes = readFileSync(path.join(folder, file));
    router.get(`/docs/${file}`, limit, serve(bytes, type, 'public, max-age=3600'));
  }

  router.get('/problems', limit, (ctx) => {
    ctx.body = Object.entries(ERRORS).map(([code, { status, title }]) => ({ code, status, title }));
  });

  router.get('/problems/:code', limit, (ctx) => {
    const code = ctx.params.code ?? '';
    assertThat(Object.hasOwn(ERRORS, code), 'route.not_found');
    ctx.body = { code, ...ERRORS[code as ErrorCode] };
  });
}

/** Serves bytes from memory: a stream of the largest file costs several times as much. */
function serve(bytes: Buffer, type: string, cacheControl: string): RouterMiddleware {
  const tag = tagOf(bytes);
  return (ctx) => {
    ctx.type = type;
    ctx.body = bytes;
    tagAnswer(ctx, tag, cacheControl);
  };
}
