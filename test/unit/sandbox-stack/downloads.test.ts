import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { packTar } from 'modern-tar';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { cachedFile, fromArchive } from '../../../sandbox/stack/downloads';

const PROGRAM = '#!/bin/sh\necho hello\n';
const DIGEST = createHash('sha256').update(PROGRAM).digest('hex');

let cache: string;
let server: Server;
let url: string;

async function archive(): Promise<Buffer> {
  return gzipSync(
    await packTar([{ header: { name: 'temporal', size: PROGRAM.length, mode: 0o755 }, body: PROGRAM }]),
  );
}

beforeEach(async () => {
  const bytes = await archive();
  cache = mkdtempSync(join(tmpdir(), 'asoud-cache-'));
  server = createServer((request, response) => {
    response.writeHead(request.url === '/archive' ? 200 : 404).end(request.url === '/archive' ? bytes : '');
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

test('a refused and an unreachable download say why', async () => {
  const target = cachedFile(cache, 'temporal', DIGEST);
  await expect(fromArchive(`${url}/nothing`, 'temporal', DIGEST, target)).rejects.toThrow(
    'the server answered 404',
  );
  await expect(fromArchive('http://127.0.0.1:9/', 'temporal', DIGEST, target)).rejects.toThrow(
    /bad port|ECONNREFUSED/,
  );
});
