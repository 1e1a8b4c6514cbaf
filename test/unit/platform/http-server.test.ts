import { expect, test, vi } from 'vitest';

import { startHttpServer } from '../../../platform/http-server';
import { PATIENCE } from '../../support/patience';

const HERE = { host: '127.0.0.1', port: 0 };

test('closing lets a request in flight finish and accepts no new one', async () => {
  let finish: (() => void) | undefined;
  const server = await startHttpServer((_request, response) => {
    finish = () => response.end('done');
  }, HERE);
  const inFlight = fetch(server.url).then((answer) => answer.text());
  await vi.waitFor(() => expect(finish).toBeDefined(), PATIENCE);

  const closing = server.close(5_000);
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  finish?.();

  expect(await inFlight).toBe('done');
  await closing;
});

test('requests that outlast the drain time are cut', async () => {
  const server = await startHttpServer(() => {}, HERE);
  const outcome = fetch(server.url).then(
    () => 'answered',
    () => 'cut',
  );
  await vi.waitFor(async () => {
    const count = await new Promise<number>((resolve) => server.server.getConnections((_e, n) => resolve(n)));
    expect(count).toBe(1);
  }, PATIENCE);

  await server.close(10);

  expect(await outcome).toBe('cut');
});

test('a taken port is an error', async () => {
  const first = await startHttpServer(() => {}, HERE);

  await expect(startHttpServer(() => {}, { ...HERE, port: first.port })).rejects.toThrow('EADDRINUSE');
  await first.close();
});
