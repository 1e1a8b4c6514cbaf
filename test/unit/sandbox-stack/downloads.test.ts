import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { cachedFile, fromArchive } from '../../../sandbox/stack/downloads';

const PROGRAM = '#!/bin/sh\necho hello\n';
const DIGEST = createHash('sha256').update(PROGRAM).digest('hex');

let cache: string;
let server: Server;
let url: string;

function archive(): Buffer {
  const header = Buffer.alloc(512);
  header.write('temporal', 0);
  header.write(PROGRAM.length.toString(8).padStart(11, '0'), 124);
  const body = Buffer.alloc(512);
  body.write(PROGRAM);
  return gzipSync(Buffer.concat([header, body, Buffer.alloc(1024)]));
}

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'asoud-cache-'));
  server = createServer((request, response) => {
    response
      .writeHead(request.url === '/archive' ? 200 : 404)
      .end(request.url === '/archive' ? archive() : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(cache, { recursive: true, force: true });
});

test('a program with the pinned digest is kept, ready to run', async () => {
  const target = cachedFile(cache, 'temporal', DIGEST);
  expect(await fromArchive(`${url}/archive`, 'temporal', DIGEST, target)).toBe(target);
  expect(readFileSync(target, 'utf8')).toBe(PROGRAM);
  expect(statSync(target).mode & 0o111).toBe(0o111);
  expect(readdirSync(join(target, '..'))).toEqual(['temporal']);
});

test('a program with another digest is refused and not kept', async () => {
  const pinned = DIGEST.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  const target = cachedFile(cache, 'temporal', pinned);
  await expect(fromArchive(`${url}/archive`, 'temporal', pinned, target)).rejects.toThrow(
    `the executable has the digest ${DIGEST} instead of the pinned ${pinned}`,
  );
  expect(existsSync(target)).toBe(false);
});

test('a source that says no, and one that nobody serves, say why', async () => {
  const target = cachedFile(cache, 'temporal', DIGEST);
  await expect(fromArchive(`${url}/nothing`, 'temporal', DIGEST, target)).rejects.toThrow(
    'the server answered 404',
  );
  await expect(fromArchive('http://127.0.0.1:9/', 'temporal', DIGEST, target)).rejects.toThrow(
    /bad port|ECONNREFUSED/,
  );
});
