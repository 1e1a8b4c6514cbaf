import type { Next } from 'koa';

import { problemOf } from '../../entities/problem';
import { toAppError } from '../problem';
import type { ApiContext } from './guard';

const RETRY_AFTER_SECONDS = 2;

/** Turns everything thrown further in into `application/problem+json`, or into the page that the route asked for. The cause of a 5xx is logged and not sent. */
export async function renderProblems(ctx: ApiContext, next: Next): Promise<void> {
  try {
    await next();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.status >= 500) ctx.state.log.error({ err: thrown, code: error.code }, 'request failed');
    const problem = problemOf(error, ctx.state.requestId);
    ctx.status = problem.status;
    const page = ctx.state.refusalPage?.(problem);
    ctx.body = page ?? JSON.stringify(problem);
    ctx.type = page === undefined ? 'application/problem+json' : 'html';
    ctx.set('Cache-Control', 'no-store');
    ctx.remove('ETag');
    if (problem.status === 429 || problem.status === 503) {
      const { retryAfterSeconds } = error.details;
      ctx.set(
        'Retry-After',
        String(typeof retryAfterSeconds === 'number' ? retryAfterSeconds : RETRY_AFTER_SECONDS),
      );
    }
    if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  }
}
