import type { RouteDescription } from './describe-route';
import type { Added, ApiContext, Guard, RequestState } from './middleware/guard';
import type { Documentation } from './openapi/documentation';
import type { Answer, AnswerShapes } from './shapes';

/** The prefix of every route of the shop. */
export const API_PREFIX = '/api/v1';

/** Who may call the routes of a router: the guards that run before those of each route. */
export interface RouterKind<Name extends string, Guards extends readonly Guard[]> {
  readonly name: Name;
  readonly guards: Guards;
}

/** Where a folder of the API registers its routes. */
export interface ApiRouter<Kind extends string, State extends object = object> {
  /** Keeps a router of another kind from being passed where this one is expected. */
  readonly kind: Kind;
  readonly get: RegisterRoute<RequestState & State>;
  readonly post: RegisterRoute<RequestState & State>;
  readonly put: RegisterRoute<RequestState & State>;
  readonly patch: RegisterRoute<RequestState & State>;
  readonly delete: RegisterRoute<RequestState & State>;
  readonly routes: readonly RegisteredRoute[];
}

/**
 * Registers a route. The guards run in their order. The handler's `ctx.state` has what they added, and its answer is one
 * that the description documents.
 */
export type RegisterRoute<State extends object> = <
  const Answers extends AnswerShapes,
  const Guards extends readonly Guard[],
>(
  path: string,
  pipeline: readonly [RouteDescription<Answers>, ...Guards],
  handler: Handler<State & Added<Guards>, Answers>,
) => void;

/**
 * The end of a pipeline. The condition is always true. It makes the compiler infer the answers from the description before it
 * reads the handler, so that a `200` in the handler is the type 200 and not number.
 */
type Handler<State extends object, Answers extends AnswerShapes> = Answers extends AnswerShapes
  ? (ctx: ApiContext<State>) => Answer<Answers> | Promise<Answer<Answers>>
  : never;

/** A route as it was registered, for the app and for the OpenAPI document. */
export interface RegisteredRoute {
  /** The name of its router's kind. */
  readonly kind: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With the prefix, parameters as `:name`. */
  readonly path: string;
  /** What the description and the guards say about it. */
  readonly documentation: readonly Documentation[];
  readonly guards: readonly Guard[];
  /** Calls the handler and writes its answer. */
  readonly answer: (ctx: ApiContext) => Promise<void>;
}

/** A router of this kind. */
export function createRouter<const Name extends string, const Guards extends readonly Guard[]>(
  kind: RouterKind<Name, Guards>,
  prefix = API_PREFIX,
): ApiRouter<Name, Added<Guards>> {
  const routes: RegisteredRoute[] = [];
  const register =
    (method: RegisteredRoute['method']): RegisterRoute<RequestState & Added<Guards>> =>
    (path, [description, ...own], handler) => {
      const guards = [...kind.guards, ...own];
      routes.push({
        kind: kind.name,
        method,
        path: prefix + path,
        documentation: [description, ...guards.flatMap(({ documentation }) => documentation ?? [])],
        guards,
        // The guards have filled the state by the time the handler is called.
        answer: (ctx) => {
          const given = handler(ctx as never);
          if (given instanceof Promise) return given.then((it: AnyAnswer) => writeAnswer(ctx, it));
          return Promise.resolve(writeAnswer(ctx, given));
        },
      });
    };
  return {
    kind: kind.name,
    get: register('get'),
    post: register('post'),
    put: register('put'),
    patch: register('patch'),
    delete: register('delete'),
    routes,
  };
}

/** Any answer, seen without the types of its route. */
interface AnyAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly page?: string;
}

function writeAnswer(ctx: ApiContext, { status, headers = {}, body, page }: AnyAnswer): void {
  ctx.status = status;
  ctx.set(headers);
  if (page !== undefined) {
    ctx.type = 'html';
    ctx.body = page;
  } else if (body !== undefined) ctx.body = body;
}
