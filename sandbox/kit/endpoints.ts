import { Router, type RouterMiddleware } from '@koa/router';
import type { Context } from 'koa';

import { json, JSON_TYPE, send, type Answer, type Outcome } from './answer';
import type { Call } from './call';
import type { Endpoint, Sandbox } from './provider';

/** A provider's endpoints as Koa sees them. */
export interface Endpoints {
  readonly routes: RouterMiddleware;
  /** The answer where no endpoint is, or none for the method. */
  nothing(ctx: Context): Answer;
}

/** Routes each call to its endpoint, with the faults that fit. */
export function createEndpoints(sandbox: Sandbox): Endpoints {
  const { provider, parts } = sandbox;
  const isLiteral = provider.literalPaths ?? false;
  const router = new Router({ sensitive: isLiteral, strict: isLiteral });
  const served = (endpoint: Endpoint, call: Call) => isServed(endpoint, provider.hosts ?? [], call);

  for (const endpoint of parts.endpoints) {
    const { path, methods, name } = endpoint;
    const handle: RouterMiddleware = async (ctx, next) => {
      const call: Call = { ...(ctx.state.call as Call), params: ctx.params };
      if (served(endpoint, call)) send(ctx, await perform(endpoint, sandbox, call));
      else await next();
    };
    router.register(path, [...methods], handle, { name });
  }

  return {
    routes: router.routes() as RouterMiddleware,
    nothing(ctx) {
      const call = ctx.state.call as Call;
      const names = new Set(router.match(ctx.path, call.method).path.map(({ name }) => name));
      const isKnown = parts.endpoints.some((endpoint) => names.has(endpoint.name) && served(endpoint, call));
      const status = isKnown ? 405 : 404;
      return parts.nothing?.(call, status) ?? json(status, { error: isKnown ? 'wrong method' : 'not found' });
    },
  };
}

/** Performs a call with the fault that fits it, and writes it to the journal. */
async function perform(
  endpoint: Endpoint,
  { kit, parts, faults, provider }: Sandbox,
  call: Call,
): Promise<Outcome> {
  const target = endpoint.target?.(call) ?? {};
  const answerOrRefuse = async () => {
    try {
      return await endpoint.answer(call);
    } catch (error) {
      const refusal = parts.refusal?.(error);
      if (!refusal) throw error;
      return refusal;
    }
  };
  const { outcome, answer, fault } = await faults.perform(
    { endpoint: endpoint.name, ...target },
    answerOrRefuse,
    endpoint.fault?.(call),
  );
  const note = {
    method: call.method,
    ...(answer ? (endpoint.target?.(call, answer) ?? {}) : target),
    ...(endpoint.note?.(call) ?? { body: call.json }),
    ...(answer ? noteOf(answer) : {}),
    ...(fault ? { fault: { id: fault.id, kind: fault.kind, when: fault.when } } : {}),
  };
  kit.journal.add({ kind: 'request', endpoint: endpoint.name, ...(provider.mask?.(note) ?? note) });
  return outcome;
}

function noteOf({ status, type, text }: Answer): Readonly<Record<string, unknown>> {
  return { status, ...(type === JSON_TYPE ? { answer: JSON.parse(text ?? 'null') as unknown } : {}) };
}

function isServed({ hosts, isServed: serves }: Endpoint, real: readonly string[], call: Call): boolean {
  const host = call.url.hostname;
  const isOffered = !real.includes(host) || (hosts ?? real).includes(host);
  return isOffered && serves?.(call) !== false;
}
