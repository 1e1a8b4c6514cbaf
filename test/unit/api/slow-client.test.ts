import { once } from 'node:events';
import { connect } from 'node:net';

import { IsString } from 'class-validator';
import { expect, test } from 'vitest';

import { validate } from '../../../api/middleware/validate';
import { publicRouter } from '../../../api/router-kinds';
import { ANY_ROUTE, openApiForTest } from './open-api-under-test';

const LIMIT_MS = 1_000;
/** Far above the limit, and far below the minute that Node's own limit for headers takes. */
const LATEST_MS = 25_000;

/** More than the buffers of both sides take. */
const LONG_ANSWER = 30_000_000;

class Note {
  @IsString()
  text!: string;
}

/** Sends the beginning, then a byte again and again until the server ends the connection. */
async function trickle(url: string, beginning: string): Promise<{ received: string; afterMs: number }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, 'connect');
  const startedAt = Date.now();
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString()));
  // The server may reset the connection while a byte is on its way.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(beginning);
  const writing = setInterval(() => socket.write('a'), 100);
  const tooLate = setTimeout(() => socket.destroy(), LATEST_MS);
  await closed;
  clearInterval(writing);
  clearTimeout(tooLate);
  return { received, afterMs: Date.now() - startedAt };
}

const HEAD =
  'POST /notes HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n';

test.each([
  ['its first line', 'POST /'],
  ['its headers', `${HEAD}X-Slow: `],
  ['its body', `${HEAD}\r\n`],
  ['the body of a route that does not exist', `${HEAD.replace('/notes', '/nowhere')}\r\n`],
])(
  'a client that sends %s byte by byte is cut off at the limit',
  async (_part, beginning) => {
    const router = publicRouter('');
    router.post('/notes', [ANY_ROUTE, validate(Note)], () => ({ status: 200, body: {} }));
    const api = await openApiForTest({ api: { requestTimeoutMs: LIMIT_MS }, routes: router.routes });

    const { received, afterMs } = await trickle(api.url, beginning);

    expect(received).toMatch(/^HTTP\/1\.1 (408|404) /);
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(afterMs).toBeLessThan(LATEST_MS);
  },
  2 * LATEST_MS,
);

test(
  'a connection that is kept alive may wait longer than the limit for its next request',
  async () => {
    const api = await openApiForTest({ api: { requestTimeoutMs: LIMIT_MS } });
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    let received = '';
    socket.on('data', (data: Buffer) => (received += data.toString()));
    const answers = () => received.match(/HTTP\/1\.1 200/g) ?? [];
    const ask = () => socket.write('GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\n');
    ask();
    await expect.poll(answers).toHaveLength(1);

    // A connection that was opened later has reached its limit.
    await trickle(api.url, HEAD);
    ask();

    await expect.poll(answers).toHaveLength(2);
    socket.destroy();
  },
  2 * LATEST_MS,
);

test(
  'an answer of which its client takes nothing is dropped at the limit',
  async () => {
    const router = publicRouter('');
    router.get('/long', [ANY_ROUTE], () => ({ status: 200, body: { text: 'x'.repeat(LONG_ANSWER) } }));
    const api = await openApiForTest({ api: { requestTimeoutMs: LIMIT_MS }, routes: router.routes });
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write('GET /long HTTP/1.1\r\nHost: shop\r\n\r\n');
    await once(socket, 'readable');

    // A connection that was opened later has reached the limit, and another one after it.
    await trickle(api.url, HEAD);
    await trickle(api.url, HEAD);
    let received = 0;
    socket.on('data', (data: Buffer) => (received += data.length));
    await once(socket, 'close');

    expect(received).toBeLessThan(LONG_ANSWER);
  },
  2 * LATEST_MS,
);

test('a few requests may wait on one connection for their answers, a crowd ends it', async () => {
  const api = await openApiForTest();
  const answersTo = async (count: number) => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (data: Buffer) => (received += data.toString()));
    const request = 'GET /health/live HTTP/1.1\r\nHost: shop\r\n';
    socket.write(`${`${request}\r\n`.repeat(count - 1)}${request}Connection: close\r\n\r\n`);
    await once(socket, 'close');
    return received.match(/HTTP\/1\.1 200/g)?.length ?? 0;
  };

  expect(await answersTo(20)).toBe(20);
  expect(await answersTo(500)).toBeLessThan(50);
});
