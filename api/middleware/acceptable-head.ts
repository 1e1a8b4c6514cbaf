import type { Middleware } from 'koa';

import { assertThat } from '../../entities/errors';

/** Refuses what Node would refuse with an empty answer: HTTP/1.1 without a host, and unknown expectations. */
export const acceptableHead: Middleware = (ctx, next) => {
  const { httpVersion, headers } = ctx.req;
  assertThat(httpVersion !== '1.1' || headers.host !== undefined, 'request.host_missing');
  assertThat(/^(100-continue)?$/i.test(headers.expect ?? ''), 'request.expectation_failed');
  return next();
};
