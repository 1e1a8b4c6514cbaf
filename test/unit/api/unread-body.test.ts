import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { validate } from '../../../api/middleware/validate';
import { publicRouter } from '../../../api/router-kinds';
import { ANY_ROUTE, AnyView, openApiUnderTest, type ApiUnderTest } from './open-api-under-test';

const BODY_LIMIT = 2_048;
const MUCH = 1 << 20;

let api: ApiUnderTest;
beforeAll(async () => {
  const router = publicRouter('');
  router.post('/notes', [ANY_ROUTE, validate(AnyView)], () => ({ status: 200, body: {} }));
  router.get('/live', [ANY_ROUTE], () => ({ status: 200, body: {} }));
  api = await openApiUnderTest({ api: { bodyLimitBytes: BODY_LIMIT }, routes: router.routes });
});
afterAll(() => api.close());

const chunked = (body: Buffer) =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);

/** The statuses of a request with this body and of a second request on the same connection, as a proxy sends them. */
async function statusesOnOneConnection(header: string, body: Buffer): Promise<string[]> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString()));
  const statuses = () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status!);
  socket.write(`POST /notes HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n${header}\r\n\r\n`);
  socket.write(body);
  await expect.poll(statuses).toHaveLength(1);
  socket.write('GET /live HTTP/1.1\r\nHost: shop\r\n\r\n');
  await expect.poll(statuses).toHaveLength(2);
  socket.destroy();
  return statuses();
}

test.each([
  ['is too large and has a length', `Content-Length: ${MUCH}`, Buffer.alloc(MUCH, ' '), '413'],
  ['is too large and comes in chunks', 'Transfer-Encoding: chunked', chunked(Buffer.alloc(MUCH, ' ')), '413'],
  [
    'decompresses to too much',
    'Content-Encoding: gzip\r\nTransfer-Encoding: chunked',
    chunked(gzipSync(Buffer.alloc(200 * MUCH, ' '))),
    '413',
  ],
  [
    'cannot be decompressed',
    `Content-Encoding: gzip\r\nContent-Length: ${MUCH}`,
    Buffer.alloc(MUCH, ' '),
    '400',
  ],
])('after a body that %s the connection still answers', async (_what, header, body, refusal) => {
  expect(await statusesOnOneConnection(header, body)).toEqual([refusal, '200']);
});
