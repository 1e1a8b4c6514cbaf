import { request } from 'node:http';

import type { RawAnswer } from './zarinpal-caller';

/** Calls a server with another host name, or with a whole URL as its path. `fetch` does neither. */
export function askHost(
  url: string,
  host: string,
  path: string,
  body: unknown,
  method = 'POST',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const call = request(
      { hostname, port, path, method, headers: { Host: host, 'Content-Type': 'application/json' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type'] === 'application/json';
          resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
        });
      },
    );
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
