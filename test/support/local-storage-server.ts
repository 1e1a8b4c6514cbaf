import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

import { createSignedTokens } from '../../platform/signed-token';
import { openLocalStorage, type LocalStorage } from '../../platform/storage/local-storage';
import { ObjectRefusedError } from '../../platform/storage/storage-errors';
import type { StorageUnderTest } from './storage-under-test';

const STATUS = { not_signed: 403, bad_key: 404, exists: 409, too_large: 413, empty: 422, wrong_type: 422 };

/** A local store, and its folder. */
export interface LocalStorageUnderTest extends StorageUnderTest {
  readonly storage: LocalStorage;
  readonly folder: string;
}

/** A local store behind a server that treats its signed addresses as a route does. */
export async function startLocalStorage(folder: string): Promise<LocalStorageUnderTest> {
  let moved = 0;
  const now = () => Date.now() + moved;
  const server = createServer((request, response) => {
    serve(storage, request, response).catch((error: unknown) => {
      const status = error instanceof ObjectRefusedError ? STATUS[error.refusal] : 500;
      response.writeHead(status, { connection: 'close' }).end();
    });
  });
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  const { port } = server.address() as AddressInfo;
  const tokens = createSignedTokens(['a-secret-of-a-test-with-32-characters'], now);
  const storage = await openLocalStorage({ folder, baseUrl: `http://127.0.0.1:${port}/files`, tokens, now });
  return {
    storage,
    folder,
    async passTime(ms) {
      moved += ms;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function serve(
  storage: LocalStorage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url!, 'http://localhost');
  const key = decodeURIComponent(url.pathname.slice('/files/'.length));
  const token = url.searchParams.get('token') ?? '';
  if (request.method === 'PUT') {
    await storage.receive(key, token, request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>);
    response.writeHead(204).end();
    return;
  }
  const object = await storage.readSigned(key, token);
  if (!object) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': object.type,
    'content-length': object.size,
    'content-disposition': object.disposition,
  });
  await pipeline(object.body, response);
}
