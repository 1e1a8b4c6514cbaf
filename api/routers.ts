import type { ApiContext, Guard, RequestState } from './middleware/guard';
import { rateLimit } from './middleware/rate-limit';
import { staffOnly } from './middleware/staff-only';

/** The end of a pipeline. */
export type Handler<State extends object> = (ctx: ApiContext<State>) => Promise<void> | void;

/** A route as it was registered, for the app and for the OpenAPI document. */
export interface RegisteredRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With the prefix, parameters as `:name`. */
  readonly path: string;
  readonly guards: readonly Guard[];
  readonly handler: Handler<never>;
}

/** Registers a pipeline: guards in the order they run, then the handler, whose state has what the guards added. */
export interface Verb<S extends object> {
  (path: string, handler: Handler<S>): void;
  <A extends object>(path: string, a: Guard<A>, handler: Handler<S & A>): void;
  <A extends object, B extends object>(
    path: string,
    a: Guard<A>,
    b: Guard<B>,
    handler: Handler<S & A & B>,
  ): void;
  <A extends object, B extends object, C extends object>(
    path: string,
    a: Guard<A>,
    b: Guard<B>,
    c: Guard<C>,
    handler: Handler<S & A & B & C>,
  ): void;
  <A extends object, B extends object, C extends object, D extends object>(
    path: string,
    a: Guard<A>,
    b: Guard<B>,
    c: Guard<C>,
    d: Guard<D>,
    handler: Handler<S & A & B & C & D>,
  ): void;
  <A extends object, B extends object, C extends object, D extends object, E extends object>(
    path: string,
    a: Guard<A>,
    b: Guard<B>,
    c: Guard<C>,
    d: Guard<D>,
    e: Guard<E>,
    handler: Handler<S & A & B & C & D & E>,
  ): void;
  <
    A extends object,
    B extends object,
    C extends object,
    D extends object,
    E extends object,
    F extends object,
  >(
    path: string,
    a: Guard<A>,
    b: Guard<B>,
    c: Guard<C>,
    d: Guard<D>,
    e: Guard<E>,
    f: Guard<F>,
    handler: Handler<S & A & B & C & D & E & F>,
  ): void;
}

/** Where a room registers its routes. The kind fixes who may call them and what a handler may see. */
export interface ApiRouter<State extends object> {
  readonly get: Verb<State>;
  readonly post: Verb<State>;
  readonly put: Verb<State>;
  readonly patch: Verb<State>;
  readonly delete: Verb<State>;
  readonly routes: readonly RegisteredRoute[];
}

/** Anybody, signed in or not; a capability travels in a header. */
export type PublicRouter = ApiRouter<RequestState & { readonly caller?: 'anybody' }>;
/** Staff with the token of the configuration. */
export type StaffRouter = ApiRouter<RequestState & { readonly caller: 'staff' }>;
/** Gateways and the browsers they send back: no session, no token, nothing they say is believed. */
export type WebhookRouter = ApiRouter<RequestState & { readonly caller?: 'outsider' }>;

export const API_PREFIX = '/api/v1';

export function publicRouter(prefix = API_PREFIX): PublicRouter {
  return createRouter(prefix, []);
}

export function webhookRouter(prefix = API_PREFIX): WebhookRouter {
  return createRouter(prefix, []);
}

/** @param staffTokens one of them is what a caller must show as `Authorization: Bearer …` */
export function staffRouter(staffTokens: readonly string[], prefix = API_PREFIX): StaffRouter {
  return createRouter(prefix, [rateLimit('staff'), staffOnly(staffTokens)]);
}

function createRouter<State extends object>(prefix: string, first: readonly Guard[]): ApiRouter<State> {
  const routes: RegisteredRoute[] = [];
  const verb = (method: RegisteredRoute['method']): Verb<State> => {
    return (path: string, ...pipeline: unknown[]) => {
      const handler = pipeline.at(-1) as Handler<never>;
      routes.push({
        method,
        path: prefix + path,
        guards: [...first, ...(pipeline.slice(0, -1) as Guard[])],
        handler,
      });
    };
  };
  return {
    get: verb('get'),
    post: verb('post'),
    put: verb('put'),
    patch: verb('patch'),
    delete: verb('delete'),
    routes,
  };
}
