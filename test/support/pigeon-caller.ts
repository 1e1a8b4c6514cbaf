import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer with its JSON or text. */
export interface PigeonAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into the bodies by name
  readonly body: any;
}

/** Calls the made-up provider and its control API over HTTP. */
export interface PigeonCaller {
  get(path: string, headers?: Record<string, string>): Promise<PigeonAnswer>;
  send(letter: object): Promise<PigeonAnswer>;
  control(method: string, path: string, body?: unknown): Promise<PigeonAnswer>;
}

/** @param url the base of a running pigeon post */
export function pigeonCaller(url: string, prefix = '/_sandbox'): PigeonCaller {
  async function call(method: string, path: string, init: RequestInit = {}): Promise<PigeonAnswer> {
    const response = await fetch(url + path, { method, ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }
  const json = (body: unknown) => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    get: (path, headers = {}) => call('GET', path, { headers }),
    send: (letter) => call('POST', '/v1/letters', json(letter)),
    control: (method, path, body = {}) =>
      call(method, `${prefix}${path}`, method === 'GET' ? {} : json(body)),
  };
}

/** A notice as the receiver got it. */
export interface Notice {
  readonly body: string;
  readonly seal: string | undefined;
}

/** A receiver of notices that answers with these statuses, the last one for ever. */
export interface NoticeReceiver {
  readonly url: string;
  readonly notices: readonly Notice[];
  close(): Promise<void>;
}

/** Listens for notices on a free port. */
export async function receiveNotices(...statuses: number[]): Promise<NoticeReceiver> {
  const notices: Notice[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seal = request.headers['pigeon-seal'] as string | undefined;
      notices.push({ body: Buffer.concat(chunks).toString(), seal });
      response.statusCode = statuses[notices.length - 1] ?? statuses.at(-1) ?? 200;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    notices,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
