import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The JSON or the fields of a form; undefined when there was none. */
  readonly body: unknown;
}

export interface Provider {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** Sets the answer to the next calls. */
  answerWith(answer: (response: ServerResponse) => void): void;
  /** Forgets the calls so far. */
  forget(): void;
  stop(): Promise<void>;
}

/** An HTTP server on a free port that answers as the test says and keeps the calls. */
export async function startProvider(): Promise<Provider> {
  const calls: ReceivedCall[] = [];
  let answer = respond('');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    calls.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? undefined : readBody(text, request.headers['content-type']),
    });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answerWith: (next) => {
      answer = next;
    },
    forget: () => {
      calls.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readBody(text: string, type: string | undefined): unknown {
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text);
}

/** An answer with a body, by default JSON and HTTP 200. */
export function respond(body: string, status = 200, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}
