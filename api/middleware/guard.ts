import type { RouterContext } from '@koa/router';
import type { Next } from 'koa';

import type { ErrorCode } from '../../entities/errors';
import type { Logger } from '../../platform/logger';
import type { RateLimits } from './rate-limit';

/** What every handler knows about its request. */
export interface RequestState {
  /** In every answer and every log line of this request. */
  readonly requestId: string;
  readonly log: Logger;
  /** The caller's address as far as the trusted proxies vouch for it. */
  readonly clientAddress: string;
  readonly rateLimits: RateLimits;
  /** The pattern of the route that answers, once it is known. */
  readonly route?: string;
}

/** The context of a handler whose guards have filled the state. */
export type ApiContext<State extends object = RequestState> = RouterContext<State>;

/** A class with class-validator decorators: validates a part of the request, or describes an answer. */
export type Shape<T extends object = object> = new () => T;

/** What an answer looks like: a class, a list of a class's objects, or a sentence for an answer without JSON. */
export type AnswerShape = Shape | readonly [Shape] | string;

/** What a guard says about its route in the OpenAPI document. */
export interface Documentation {
  readonly tag?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly answers?: Readonly<Record<number, AnswerShape>>;
  readonly errors?: readonly ErrorCode[];
  readonly body?: Shape;
  readonly query?: Shape;
  readonly params?: Shape;
  readonly headers?: readonly {
    readonly name: string;
    readonly sentence: string;
    readonly required: boolean;
  }[];
  readonly security?: 'staffToken';
}

/**
 * One step of a route's pipeline. `Adds` is what it puts into `ctx.state` for the steps below it; what it says about
 * the route goes into the OpenAPI document.
 */
export interface Guard<Adds extends object = object> {
  (ctx: ApiContext, next: Next): Promise<void>;
  readonly documentation?: Documentation;
  /** Never set: it carries the type. */
  readonly adds?: Adds;
}

/** A guard from a middleware and what it says about its route. */
export function guard<Adds extends object = object>(
  documentation: Documentation,
  middleware: (ctx: ApiContext, next: Next) => Promise<void>,
): Guard<Adds> {
  return Object.assign(middleware, { documentation });
}

/** Puts values into the state for the steps below. */
export function addToState(ctx: ApiContext, added: object): void {
  Object.assign(ctx.state, added);
}
