import type { RouterContext } from '@koa/router';
import type { Next } from 'koa';

import type { Problem } from '../../entities/problem';
import type { Logger } from '../../platform/logger';
import type { Documentation } from '../openapi/documentation';
import type { RateLimits } from '../rate-limits';

/** What every handler knows about its request. */
export interface RequestState {
  /** In every answer and every log line of this request. */
  readonly requestId: string;
  /** Writes lines with the request's id. */
  readonly log: Logger;
  /** The caller's address as far as the trusted proxies vouch for it. */
  readonly clientAddress: string;
  readonly rateLimits: RateLimits;
  /**
   * Reads the body into `ctx.request.body`. What needs the body calls it after the limits and the checks of tokens, so that a
   * request which they refuse costs no reading.
   */
  readonly readBody: (ctx: ApiContext) => Promise<void>;
  /** Makes the page of a refusal, where the caller prefers a page to JSON. */
  readonly refusalPage?: (problem: Problem) => string;
  /** The pattern of the route that answers, once it is known. */
  readonly route?: string;
}

/** The context of a handler whose guards have filled the state. */
export type ApiContext<State extends object = RequestState> = RouterContext<State>;

/**
 * One step of a route's pipeline. `Adds` is what it puts into `ctx.state` for the steps below it. Its documentation becomes
 * a part of the route's operation in the OpenAPI document.
 */
export interface Guard<Adds extends object = object> {
  (ctx: ApiContext, next: Next): Promise<void>;
  readonly documentation?: Documentation;
  /** Never set: it carries the type. */
  readonly adds?: Adds;
}

/** What a list of guards adds to the state together. */
export type Added<Guards extends readonly Guard[]> = Guards extends readonly [
  Guard<infer Adds>,
  ...infer Rest extends readonly Guard[],
]
  ? Adds & Added<Rest>
  : object;

/**
 * A guard that refuses a request by throwing, or lets it pass.
 *
 * @param check returns what the guard adds to the state, if anything
 */
export function guard<Adds extends object = object>(
  documentation: Documentation,
  check: (ctx: ApiContext) => Adds | void | Promise<Adds | void>,
): Guard<Adds> {
  const proceed = (ctx: ApiContext, next: Next, adds: Adds | void): Promise<void> => {
    Object.assign(ctx.state, adds);
    return next();
  };
  return wrap(documentation, (ctx, next) => {
    const adds = check(ctx);
    return adds instanceof Promise ? adds.then((it) => proceed(ctx, next, it)) : proceed(ctx, next, adds);
  });
}

/** A guard that also works on the answer, after `next()`. */
export function wrap<Adds extends object = object>(
  documentation: Documentation,
  middleware: (ctx: ApiContext, next: Next) => Promise<void>,
): Guard<Adds> {
  return Object.assign(middleware, { documentation });
}
