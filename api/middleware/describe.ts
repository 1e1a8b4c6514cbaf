import type { Next } from 'koa';

import { guard, type Documentation, type Guard } from './guard';

/** What the reader of the OpenAPI document needs to know about a route. */
export type RouteDescription = Required<Pick<Documentation, 'tag' | 'summary' | 'answers'>> &
  Pick<Documentation, 'description' | 'errors' | 'headers'>;

/** The first step of every pipeline: what the route does, what it answers and how it refuses. */
export function describe(description: RouteDescription): Guard {
  return guard(description, (_ctx, next: Next) => next());
}
