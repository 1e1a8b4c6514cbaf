import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { createHttpClient, HttpTransportError, retryAfterMs } from '../../../platform/http-client';
import { PATIENCE_MS } from '../../support/patience';

const servers: Server[] = [];
const tcpServers: TcpServer[] = [];
afterEach(() => {
  for (const server of tcpServers.splice(0)) server.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const client = createHttpClient({ timeoutMs: PATIENCE_MS, maxBytes: 1_000 });
const impatient = createHttpClient({ timeoutMs: 150, maxBytes: 1_000 });

async function kindOfFailure(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((thrown: unknown) => thrown);
  return error instanceof HttpTransportError ? error.kind : `no transport error: ${String(error)}`;
}

/** Whether a failed call can have had an effect, as far as the client knows. */
async function neverConnected(call: Promise<unknown>): Promise<unknown> {
  const error = await call.catch((thrown: unknown) => thrown);
  return error instanceof HttpTransportError ? error.neverConnected : `no transport error: ${String(error)}`;
}

test('posts JSON and returns status, headers and text, whatever the status', async () => {
  const url = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () =>
      response
        .writeHead(503, {
          'X-Seen': `${request.method} ${request.headers['content-type']} ${String(request.headers['x-a'])}`,
        })
        .end(`<html>${body}</html>`),
    );
  });

  const answer = await client.postJson(url, { amount: 5 }, { 'X-A': 'b' });

  expect(answer).toMatchObject({
    status: 503,
    text: '<html>{"amount":5}</html>',
    headers: { 'x-seen': 'POST application/json b' },
  });
});

test('a silent server is a time-out', async () => {
  const url = await serve(() => {});

  expect(await kindOfFailure(impatient.get(url))).toBe('timeout');
});

test('a body that never ends is a time-out too', async () => {
  const url = await serve((_request, response) => void response.writeHead(200).write('begun'));

  expect(await kindOfFailure(impatient.get(url))).toBe('timeout');
});

test('a body beyond the limit is not read', async () => {
  const url = await serve((_request, response) => void response.end('x'.repeat(1_001)));

  expect(await kindOfFailure(client.get(url))).toBe('too_large');
  expect((await createHttpClient({ timeoutMs: PATIENCE_MS, maxBytes: 1_001 }).get(url)).text).toHaveLength(
    1_001,
  );
});

test('a closed port, a cut connection and an unknown name are network failures', async () => {
  const closed = await serve(() => {});
  servers.splice(0).forEach((server) => server.close());
  const cut = await serve((request) => request.socket.destroy());

  expect(await kindOfFailure(client.get(closed))).toBe('network');
  expect(await kindOfFailure(client.postJson(cut, {}))).toBe('network');
  expect(await kindOfFailure(client.get('not an address'))).toBe('network');
  expect(await kindOfFailure(client.get('ftp://127.0.0.1/'))).toBe('network');
  expect(await kindOfFailure(client.get(cut, { 'x-a': 'two\r\nlines' }))).toBe('network');
});

test('a redirect is returned, not followed', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });

  const answer = await client.get(url);

  expect(answer).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
  expect(requests).toBe(1);
});

test('a character that is split between two packets arrives whole', async () => {
  const bytes = Buffer.from('پرداخت');
  const url = await serve((_request, response) => {
    response.writeHead(200).write(bytes.subarray(0, 5));
    setImmediate(() => response.end(bytes.subarray(5)));
  });

  expect((await client.get(url)).text).toBe('پرداخت');
});

test('an answer that breaks off is a network failure, not a short answer', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('begun');
    setImmediate(() => response.socket?.destroy());
  });

  expect(await kindOfFailure(client.get(url))).toBe('network');
});

test('successive calls share a connection, and a failed call does not affect the next one', async () => {
  const sockets = new Set<unknown>();
  let requests = 0;
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    requests += 1;
    if (requests === 3) response.writeHead(200).write('x'.repeat(1_001));
    else response.end('{}');
  });

  await client.get(url);
  await client.postJson(url, {});
  expect(sockets.size).toBe(1);
  expect(await kindOfFailure(client.get(url))).toBe('too_large');
  expect((await client.get(url)).text).toBe('{}');
});

test('a byte order mark is removed', async () => {
  const url = await serve((_request, response) => void response.end('\uFEFF{"code":100}'));

  expect((await client.get(url)).text).toBe('{"code":100}');
});

test('repeated headers become one text', async () => {
  const url = await serve(
    (_request, response) => void response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end(),
  );

  expect((await client.get(url)).headers['set-cookie']).toBe('a=1,b=2');
});

test('sends its name, and asks for an answer without encoding', async () => {
  const url = await serve((request, response) => void response.end(JSON.stringify(request.headers)));

  expect(JSON.parse((await client.get(url)).text)).toMatchObject({
    'user-agent': 'asoud',
    'accept-encoding': 'identity',
    accept: 'application/json',
  });
});

test('an upgrade to another protocol is a network failure, without waiting', async () => {
  const url = await serve((request) => {
    request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });

  expect(await kindOfFailure(client.get(url))).toBe('network');
});

test('posts a form, and deletes', async () => {
  const url = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () =>
      response.end(JSON.stringify([request.method, request.headers['content-type'], request.url, body])),
    );
  });

  const form = await client.postForm(url, { to: '+989120000000', text: 'کد شما: 5 & 6' });
  expect(JSON.parse(form.text)).toEqual([
    'POST',
    'application/x-www-form-urlencoded',
    '/',
    new URLSearchParams({ to: '+989120000000', text: 'کد شما: 5 & 6' }).toString(),
  ]);
  expect(JSON.parse((await client.delete(`${url}/invoices/7`)).text)).toEqual([
    'DELETE',
    null,
    '/invoices/7',
    '',
  ]);
});

test('a connection that is never established times out before the whole call would', async () => {
  // It accepts the connection but never answers the TLS handshake.
  const mute = createTcpServer(() => {});
  tcpServers.push(mute);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as AddressInfo;
  const hasty = createHttpClient({ timeoutMs: 60_000, connectTimeoutMs: 100, maxBytes: 1_000 });

  expect(await kindOfFailure(hasty.get(`https://127.0.0.1:${port}/`))).toBe('timeout');
});

test.each(['get', 'delete', 'postJson'] as const)(
  '%s is not sent again when a reused connection is cut',
  async (method) => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests += 1;
      if (requests === 1) response.end('{}');
      else request.socket.destroy();
    });

    await client.get(url);
    expect(await kindOfFailure(client[method](url, {}))).toBe('network');
    expect(requests).toBe(2);
  },
);

test('the message of a failure has the host, but not the path or query', async () => {
  const closed = await serve(() => {});
  servers.splice(0).forEach((server) => server.close());

  const error = (await client.get(`${closed}/pay?token=secret`).catch((thrown: unknown) => thrown)) as Error;

  expect(error.message).toContain(new URL(closed).host);
  expect(error.message).not.toContain('secret');
});

test('tells a connection that never came about from a request without an answer', async () => {
  const silent = await serve(() => {});
  const cutting = await serve((request) => void request.socket.destroy());
  const huge = await serve((_, response) => void response.end('x'.repeat(2_000)));
  const mute = createTcpServer(() => {});
  const slamming = createTcpServer((socket) => void socket.destroy());
  tcpServers.push(mute, slamming);
  for (const server of [mute, slamming]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  const closed = await serve(() => {});
  servers.pop()!.close();
  const secure = (server: TcpServer) => `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const hasty = createHttpClient({ timeoutMs: PATIENCE_MS, connectTimeoutMs: 50, maxBytes: 1_000 });

  expect(await neverConnected(client.postJson(closed, {}))).toBe(true);
  expect(await neverConnected(client.postJson('http://no-such-host.invalid', {}))).toBe(true);
  expect(await neverConnected(hasty.postJson(secure(mute), {}))).toBe(true);
  expect(await neverConnected(client.postJson(secure(slamming), {}))).toBe(true);

  expect(await neverConnected(impatient.postJson(silent, {}))).toBe(false);
  expect(await neverConnected(client.postJson(cutting, {}))).toBe(false);
  expect(await neverConnected(client.postJson(huge, {}))).toBe(false);
});

test.each<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
  [{ 'retry-after': '-1' }, undefined],
  [{}, undefined],
])('reads %j as a wait of %s milliseconds', (headers, wait) => {
  expect(retryAfterMs({ status: 429, headers, text: '' })).toBe(wait);
});
