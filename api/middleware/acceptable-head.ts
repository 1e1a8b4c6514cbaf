import type { Middleware } from 'koa';

import { assertThat } from '../../entities/errors';

/** A name or an address with or without a port, or nothing (RFC 9112 3.2, RFC 3986 3.2.2). */
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]*$/;

/**
 * Refuses what Node would refuse with an empty answer (HTTP/1.1 without a host, unknown expectations), and more hosts than one or a
 * broken one: Node takes the first, where a proxy may have gone by the last.
 */
export const acceptableHead: Middleware = (ctx, next) => {
  const { httpVersion, headers, rawHeaders } = ctx.req;
  assertThat(httpVersion !== '1.1' || headers.host !== undefined, 'request.host_missing');
  assertThat(countHosts(rawHeaders) <= 1 && HOST.test(headers.host ?? ''), 'request.malformed');
  assertThat(/^(100-continue)?$/i.test(headers.expect ?? ''), 'request.expectation_failed');
  return next();
};

/** @param raw names and values by turns */
function countHosts(raw: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
