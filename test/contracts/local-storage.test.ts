import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeEach, expect, it } from 'vitest';

import { createSignedTokens } from '../../platform/signed-token';
import { openLocalStorage, type LocalStorage } from '../../platform/storage/local-storage';
import { startLocalStorage } from '../support/local-storage-server';
import { upload } from '../support/storage-under-test';
import { objectStorageSuite } from './object-storage.suite';

const home = mkdtempSync(join(tmpdir(), 'local-storage-'));
const UPLOAD = { folder: 'uploads', type: 'image/png', maxBytes: 1_000, expiresInMs: 60_000 } as const;
const OBJECT = { folder: 'products', type: 'image/webp', bytes: Buffer.from('a picture') } as const;
let number = 0;
let folder: string;

beforeEach(() => {
  folder = join(home, `test-${(number += 1)}`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

objectStorageSuite('the local', () => startLocalStorage(join(home, 'suite')));

const open = (): Promise<LocalStorage> =>
  openLocalStorage({
    folder,
    baseUrl: 'http://127.0.0.1/files',
    tokens: createSignedTokens(['a-secret-of-a-test-with-32-characters']),
  });

const incoming = () => readdirSync(join(folder, '.incoming'));
async function textOf(storage: LocalStorage, key: string): Promise<string | undefined> {
  const object = await storage.read(key);
  return object && text(object.body);
}
const tokenOf = ({ url }: { readonly url: string }) => new URL(url).searchParams.get('token')!;

it('cuts an upload at its limit, however much more would come', async () => {
  const storage = await open();
  const signed = storage.signUpload(UPLOAD);
  let sent = 0;
  let ended = false;
  async function* endless(): AsyncIterable<Buffer> {
    try {
      for (;;) {
        sent += 100;
        yield Buffer.alloc(100);
      }
    } finally {
      ended = true;
    }
  }

  await expect(storage.receive(signed.key, tokenOf(signed), endless())).rejects.toMatchObject({
    refusal: 'too_large',
  });

  expect(sent).toBe(1_100);
  expect(ended).toBe(true);
  expect(incoming()).toEqual([]);
  expect(await storage.read(signed.key)).toBeUndefined();
});

it('keeps the first of two uploads under one key', async () => {
  const world = await startLocalStorage(folder);
  const signed = world.storage.signUpload(UPLOAD);
  expect((await upload(signed, Buffer.from('first'))).status).toBe(204);
  expect((await upload(signed, Buffer.from('other'))).status).toBe(409);
  expect(await textOf(world.storage, signed.key)).toBe('first');
  expect(incoming()).toEqual([]);
  await world.stop();
});

it('stores one of many uploads that come at once', async () => {
  const storage = await open();
  const signed = storage.signUpload(UPLOAD);
  async function* one(text: string): AsyncIterable<Buffer> {
    yield Buffer.from(text);
  }
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => storage.receive(signed.key, tokenOf(signed), one(`text ${i}`))),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('does not take an address to read for one to upload', async () => {
  const storage = await open();
  const signed = storage.signUpload(UPLOAD);
  const url = storage.signRead(signed.key, { expiresInMs: 60_000 });
  async function* body(): AsyncIterable<Buffer> {
    yield Buffer.from('a');
  }
  await expect(storage.receive(signed.key, tokenOf({ url }), body())).rejects.toMatchObject({
    refusal: 'not_signed',
  });
  await expect(storage.readSigned(signed.key, tokenOf(signed))).rejects.toMatchObject({
    refusal: 'not_signed',
  });
});

it('leaves nothing of an upload that breaks off', async () => {
  const storage = await open();
  const signed = storage.signUpload(UPLOAD);
  async function* broken(): AsyncIterable<Buffer> {
    yield Buffer.from('half');
    throw new Error('the browser left');
  }
  await expect(storage.receive(signed.key, tokenOf(signed), broken())).rejects.toThrow('the browser left');
  expect(incoming()).toEqual([]);
  expect(await storage.read(signed.key)).toBeUndefined();
});

it('says that the disk is full, leaves nothing half-written and works again afterwards', async () => {
  const storage = await open();
  const signed = storage.signUpload(UPLOAD);
  async function* full(): AsyncIterable<Buffer> {
    yield Buffer.from('half');
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  }
  await expect(storage.receive(signed.key, tokenOf(signed), full())).rejects.toMatchObject({
    reason: 'unavailable',
    message: `the storage folder ${folder} is on a full disk: make room (ENOSPC)`,
  });
  expect(incoming()).toEqual([]);
  expect(await textOf(storage, await storage.put(OBJECT))).toBe('a picture');
});

it('does not make a folder again that went away, and does not take its objects for removed', async () => {
  const storage = await open();
  const key = await storage.put(OBJECT);
  rmSync(folder, { recursive: true });

  const missing = { reason: 'unavailable', message: expect.stringContaining('is missing') as string };
  await expect(storage.put(OBJECT)).rejects.toMatchObject(missing);
  await expect(storage.read(key)).rejects.toMatchObject(missing);
  expect(existsSync(folder)).toBe(false);
});

it('does not start with a folder that is none', async () => {
  writeFileSync(folder, 'a file');
  await expect(open()).rejects.toMatchObject({ reason: 'misconfigured' });
});

it('finds its objects after a restart, and removes only what killed processes left half-written', async () => {
  const key = await (await open()).put(OBJECT);
  const [old, fresh] = ['old', 'fresh'].map((name) => join(folder, '.incoming', name)) as [string, string];
  writeFileSync(old, 'half');
  writeFileSync(fresh, 'half');
  const before = Date.now() / 1_000 - 2 * 24 * 3_600;
  utimesSync(old, before, before);

  const storage = await open();

  expect(await textOf(storage, key)).toBe('a picture');
  expect(incoming()).toEqual(['fresh']);
});
