import { isIP } from 'node:net';

import { Router, type RouterMiddleware } from '@koa/router';
import type { Middleware } from 'koa';

import { json, page, redirect, send, type Answer } from './answer';
import { armedOf, disarm } from './armed';
import { form, mediaType, type Call } from './call';
import { controlPrefix, controlsOf } from './control';
import { indexPage, pressClockButton } from './pages/index-page';
import { markup } from './pages/markup';
import { RequestProblem } from './problem';
import type { Control, Sandbox } from './provider';

/** Health, index page and control API. They exist under plain names only, not under the provider's. */
export function ownRoutes(sandbox: Sandbox): Middleware {
  const { provider, kit, parts } = sandbox;
  const prefix = controlPrefix(provider);
  const router = new Router();

  router.get(
    '/health',
    answering(() => json(200, { status: 'ok' })),
  );
  router.get(
    '/',
    answering(({ language }) => {
      const { title, ribbon } = provider;
      const own = parts.index?.(language) ?? markup``;
      const { clock } = kit;
      const armed = armedOf(sandbox);
      return page(
        200,
        indexPage({ language, title, ribbon, url: kit.url(), controlPrefix: prefix, clock, armed, own }),
      );
    }),
  );
  router.post(
    `${prefix}/page/clock`,
    answering((call) => {
      if (call.headers.origin === undefined) throw new RequestProblem(403, 'only the index page may do that');
      pressClockButton(kit.clock, form(call).get('minutes') ?? '');
      return redirect('/');
    }),
  );
  router.post(
    `${prefix}/page/disarm`,
    answering((call) => {
      if (call.headers.origin === undefined) throw new RequestProblem(403, 'only the index page may do that');
      disarm(sandbox);
      return redirect('/');
    }),
  );
  for (const [route, control] of Object.entries(controlsOf(sandbox))) {
    const [method, path] = route.split(' ') as [string, string];
    router.register(
      prefix + (path === '/' ? '' : path),
      [method],
      answering((call) => answerControl(sandbox, control, call)),
    );
  }

  const routes = router.routes() as RouterMiddleware;
  return async (ctx, next) => {
    const { url, method } = ctx.state.call as Call;
    if (provider.hosts?.includes(url.hostname)) return next();
    const isControl = `${ctx.path}/`.startsWith(`${prefix}/`);
    if (isControl || ctx.path === '/') demandOwnPlace(ctx.state.call as Call);
    await routes(ctx as Parameters<RouterMiddleware>[0], isControl ? unknownControl : next);

    async function unknownControl(): Promise<void> {
      const { path } = router.match(ctx.path, method);
      if (path.length === 0) throw new RequestProblem(404, `there is no ${ctx.path}`);
      throw new RequestProblem(405, `use ${path.flatMap(({ methods }) => methods).join(', ')}`);
    }
  };
}

function answering(answer: (call: Call) => Answer | Promise<Answer>): RouterMiddleware {
  return async (ctx) => send(ctx, await answer({ ...(ctx.state.call as Call), params: ctx.params }));
}

/**
 * Throws 403 for what a page of the web could do from a browser on this machine: ask from its own origin, or ask under a name
 * of its own that it made lead here. An IP address, `localhost` and a name without a dot cannot be such a name.
 */
export function demandOwnPlace({ headers: { origin }, url }: Call): void {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const isOwnName = isIP(name) !== 0 || /^([\w-]+|.+\.localhost)$/.test(name);
  if (!isOwnName) throw new RequestProblem(403, `the control API is not served under the name ${name}`);
  if (origin !== undefined && origin !== url.origin) {
    throw new RequestProblem(403, 'the control API is not for pages of other origins');
  }
}

async function answerControl({ provider, kit }: Sandbox, control: Control, call: Call): Promise<Answer> {
  const isChange = call.method !== 'GET' && call.method !== 'HEAD';
  const body = isChange ? controlBody(call) : {};
  const answer = await control({ params: call.params, query: call.url.searchParams, body });
  if (isChange) {
    const note = { call: `${call.method} ${call.url.pathname}`, body };
    kit.journal.add({ kind: 'control', ...(provider.mask?.(note) ?? note) });
  }
  return json(200, answer);
}

/**
 * Throws 415 unless the body is JSON, so that no page on the web can send it: a browser asks before. It also asks before a
 * DELETE, which therefore may come without a body.
 */
function controlBody(call: Call): Readonly<Record<string, unknown>> {
  if (call.method === 'DELETE' && call.text === '') return {};
  if (mediaType(call) !== 'application/json') {
    throw new RequestProblem(415, 'send Content-Type: application/json');
  }
  if (call.text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(call.text);
  } catch {
    throw new RequestProblem(400, 'the body is not JSON');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new RequestProblem(400, 'the body is not a JSON object');
  }
  return body as Record<string, unknown>;
}
