import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { PATIENCE } from '../../support/patience';
import { openApiForTest } from './open-api-under-test';

const REQUEST = 'GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\n';

/** What a new connection hears, and the connection, which stays open. */
async function ask(url: string): Promise<{ heard: string; socket: Socket }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let heard = '';
  socket.on('data', (data: Buffer) => (heard += data.toString()));
  // A connection that is dropped may be reset.
  socket.on('error', () => {});
  socket.write(REQUEST);
  await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  return { heard, socket };
}

test('a connection beyond the limit is closed, the others go on, and one that ends makes room', async () => {
  const api = await openApiForTest({ api: { connectionsAtOnce: 2 } });
  const first = await ask(api.url);
  const second = await ask(api.url);

  const beyond = [await ask(api.url), await ask(api.url)];
  second.socket.write(REQUEST);
  await once(second.socket, 'data');
  first.socket.destroy();

  expect([first.heard, second.heard].map((answer) => answer.slice(0, 12))).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 200',
  ]);
  expect(beyond.map(({ heard }) => heard)).toEqual(['', '']);
  await expect.poll(async () => (await ask(api.url)).heard, PATIENCE).toMatch(/^HTTP\/1.1 200/);
  expect(api.lines().filter(({ connectionsAtOnce }) => connectionsAtOnce === 2)).toHaveLength(1);
});
