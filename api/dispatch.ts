import { Router } from '@koa/router';
import type { Middleware } from 'koa';
import compose from 'koa-compose';

/** Finds routes as one `Router` would, without trying each of them at every request. */
export interface Dispatch {
  /** Runs the first route that matches a request, or the next middleware where none does. */
  readonly routes: Middleware;
  /** The methods of the routes that have this path. */
  methodsOf(path: string): string[];
}

/** Segments that decide which routes a path is compared with: `/api/v1/products`. */
const DECIDING = 3;
const SLASH = '/'.charCodeAt(0);
/** Every path that a route with such characters may match is not known by its segments. */
const SPECIAL = /[{}*()[\]?+!\\]/;

/**
 * Sorts the routes of a router by the first segments of their paths. A router compares each path with each of its routes, which
 * costs as much as all else that an
 * answer from the cache takes. The routes are run from here as well, because the router composes a pipeline at every request.
 */
export function dispatchTo({ stack }: Router): Dispatch {
  const others = new Router();
  const groups = new Map<string, Router>();
  for (const { path } of stack) {
    const key = keyOfRoute(String(path));
    if (key !== undefined && !groups.has(key)) groups.set(key, new Router());
  }
  for (const layer of stack) {
    const key = keyOfRoute(String(layer.path));
    const takers = key === undefined ? [others, ...groups.values()] : [groups.get(key)!];
    for (const taker of takers) taker.stack.push(layer);
  }
  const groupOf = (path: string): Router => groups.get(keyOf(path)) ?? others;
  const pipelines = new Map(stack.map((layer) => [layer, compose(layer.stack as Middleware[])]));
  return {
    routes(ctx, next) {
      const [layer] = groupOf(ctx.path).match(ctx.path, ctx.method).pathAndMethod;
      if (!layer) return next();
      const params = layer.params(ctx.path, layer.captures(ctx.path), {});
      Object.assign(ctx, { params });
      return pipelines.get(layer)!(ctx, next);
    },
    methodsOf: (path) =>
      groupOf(path)
        .match(path, 'GET')
        .path.flatMap(({ methods }) => methods),
  };
}

/** Undefined for a route whose paths do not all have one key. */
function keyOfRoute(path: string): string | undefined {
  const isPlain = !SPECIAL.test(path) && !path.split('/', DECIDING + 1).some((it) => it.startsWith(':'));
  return isPlain ? keyOf(path) : undefined;
}

/** Routes take letters of either case, and a slash at the end. */
function keyOf(path: string): string {
  let end = path.length;
  while (path.charCodeAt(end - 1) === SLASH) end -= 1;
  let segments = 0;
  let decided = end;
  for (let at = 0; at < end; at += 1) {
    if (path.charCodeAt(at) !== SLASH) continue;
    segments += 1;
    if (segments === DECIDING + 1) decided = at;
  }
  return segments + path.slice(0, decided).toLowerCase();
}
