import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { TemporalConfig } from '../../../platform/config/temporal';
import { createTemporalClient, type TemporalClient } from '../../../temporal/connection';
import { eventually } from '../../support/eventually';
import { onFreePort } from '../../support/on-free-port';

let server: Http2Server | undefined;
let temporal: TemporalClient | undefined;
const sessions = new Set<ServerHttp2Session>();

afterEach(async () => {
  await temporal?.close();
  await goAway();
});

/** A service that has an empty answer for every call. */
async function comeUp(port: number): Promise<void> {
  const service = createServer();
  service.on('session', (session) => sessions.add(session));
  service.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  await new Promise<void>((resolve, reject) => {
    service.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  server = service;
}

async function goAway(): Promise<void> {
  for (const session of sessions) session.destroy();
  sessions.clear();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
}

test('a service that is away at first, comes, goes and comes back is seen as it is each time', () =>
  onFreePort(comeAndGo));

async function comeAndGo(port: number): Promise<void> {
  await temporal?.close();
  const config = Object.assign(new TemporalConfig(), { temporalAddress: `127.0.0.1:${port}` });
  const client = createTemporalClient(config);
  temporal = client;
  const answers = () =>
    client.ping().then(
      () => true,
      () => false,
    );

  expect(await answers()).toBe(false);
  for (let time = 1; time <= 2; time++) {
    await comeUp(port);
    await eventually(answers, (isThere) => isThere);
    await goAway();
    expect(await answers()).toBe(false);
  }
}

test('a call that would be retried after the connection closes ends', async () => {
  let refused = 0;
  const service = createTcpServer((socket) => {
    refused += 1;
    socket.destroy();
  });
  const port = await new Promise<number>((resolve) =>
    service.listen(0, '127.0.0.1', () => resolve((service.address() as AddressInfo).port)),
  );
  try {
    temporal = createTemporalClient({ ...new TemporalConfig(), temporalAddress: `127.0.0.1:${port}` });
    // Without a deadline of ours: it would end the call, but not the timer of the retry.
    const call = temporal.connection.workflowService.getSystemInfo({}).then(
      () => 'answered',
      ({ code }: { code: number }) => code,
    );
    await eventually(
      () => Promise.resolve(refused),
      (times) => times > 1,
    );
    await temporal.close();
    expect(await call).toBe(1);
  } finally {
    service.close();
  }
});
