import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LARGEST_OBJECT_BYTES, type ContentType } from '../../platform/storage/object-storage';
import { upload, type StorageUnderTest } from '../support/storage-under-test';

const MINUTE_MS = 60_000;
const UPLOAD = { folder: 'uploads', type: 'image/png', maxBytes: 1_000, expiresInMs: MINUTE_MS } as const;
const UNKNOWN = `products/${'0'.repeat(64)}.webp`;
const NO_KEYS = [
  '',
  'products',
  '/etc/passwd',
  '../secrets.json',
  `products/../../${'a'.repeat(64)}.png`,
  `.incoming/${'a'.repeat(64)}.png`,
  `products/${'a'.repeat(64)}.svg`,
  `products/${'a'.repeat(64)}.png\0`,
  `products/${'a'.repeat(64)}.png\n`,
  `products\\${'a'.repeat(64)}.png`,
];

/** What every store of objects promises. */
export function objectStorageSuite(name: string, start: () => Promise<StorageUnderTest>): void {
  describe(`${name} store of objects`, () => {
    let world: StorageUnderTest;
    beforeAll(async () => {
      world = await start();
    });
    afterAll(() => world.stop());

    const put = (bytes: Uint8Array, type: ContentType = 'image/webp', folder = 'products') =>
      world.storage.put({ folder, type, bytes });

    async function content(key: string): Promise<Buffer | undefined> {
      const object = await world.storage.read(key);
      return object && buffer(object.body);
    }

    it('returns what was put, with its type and size', async () => {
      const bytes = randomBytes(300_000);
      const key = await put(bytes, 'image/avif');

      const object = await world.storage.read(key);
      expect(object).toMatchObject({ type: 'image/avif', size: 300_000 });
      expect(await buffer(object!.body)).toEqual(bytes);
    });

    it('takes the largest object', async () => {
      const bytes = randomBytes(LARGEST_OBJECT_BYTES);
      const stored = await content(await put(bytes));
      expect(stored?.equals(bytes)).toBe(true);
    });

    it('names a content by its hash, so that one key never has two contents', async () => {
      const bytes = randomBytes(100);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const other = Buffer.from(bytes);
      other[0]! ^= 1;

      const keys = await Promise.all([put(bytes), put(bytes), put(other)]);

      expect(keys.slice(0, 2)).toEqual([`products/${hash}.webp`, `products/${hash}.webp`]);
      expect(keys[2]).not.toBe(keys[0]);
      expect(await content(keys[0])).toEqual(bytes);
      expect(await content(keys[2])).toEqual(other);
    });

    it('knows nothing under a key that nobody put', async () => {
      expect(await world.storage.read(UNKNOWN)).toBeUndefined();
    });

    it('removes an object, also when it is gone already', async () => {
      const key = await put(randomBytes(10));
      await world.storage.remove(key);
      await world.storage.remove(key);
      expect(await content(key)).toBeUndefined();
    });

    it.each([
      ['too_large', { bytes: Buffer.alloc(LARGEST_OBJECT_BYTES + 1) }],
      ['empty', { bytes: Buffer.alloc(0) }],
      ['wrong_type', { type: 'text/html' as ContentType }],
      ['wrong_type', { type: 'image/svg+xml' as ContentType }],
      ['wrong_type', { type: 'toString' as ContentType }],
      ['bad_key', { folder: '../products' }],
      ['bad_key', { folder: '.incoming' }],
      ['bad_key', { folder: '' }],
    ])('refuses to put and to sign what is %s', async (refusal, change) => {
      const object = { folder: 'products', type: 'image/webp' as const, bytes: Buffer.from('a'), ...change };
      await expect(world.storage.put(object)).rejects.toMatchObject({ refusal });

      const terms = { ...UPLOAD, folder: object.folder, type: object.type, maxBytes: object.bytes.length };
      expect(() => world.storage.signUpload(terms)).toThrow(expect.objectContaining({ refusal }));
    });

    it.each(NO_KEYS)('refuses %j as a key', async (key) => {
      const refused = { refusal: 'bad_key' };
      await expect(async () => world.storage.read(key)).rejects.toMatchObject(refused);
      await expect(async () => world.storage.remove(key)).rejects.toMatchObject(refused);
      expect(() => world.storage.signRead(key, { expiresInMs: MINUTE_MS })).toThrow(
        expect.objectContaining(refused),
      );
    });

    it('signs nothing for less than a second or more than a week', () => {
      for (const expiresInMs of [0, 999, 7 * 24 * 60 * MINUTE_MS + 1, Number.NaN]) {
        expect(() => world.storage.signRead(UNKNOWN, { expiresInMs })).toThrow(RangeError);
        expect(() => world.storage.signUpload({ ...UPLOAD, expiresInMs })).toThrow(RangeError);
      }
    });

    describe('a signed address to read', () => {
      it('shows the object until it expires', async () => {
        const bytes = randomBytes(50);
        const url = world.storage.signRead(await put(bytes), { expiresInMs: MINUTE_MS });

        const response = await fetch(url);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe('image/webp');
        expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);

        await world.passTime(MINUTE_MS);
        expect((await fetch(url)).status).toBe(403);
      });

      it('is good for no other object and with no other signature', async () => {
        const [key, other] = [await put(randomBytes(50)), await put(randomBytes(50))];
        const url = world.storage.signRead(key, { expiresInMs: MINUTE_MS });

        expect((await fetch(url.replace(key, other))).status).toBe(403);
        expect((await fetch(spoilt(url))).status).toBe(403);
        expect((await fetch(new URL(url).origin + new URL(url).pathname)).status).toBe(403);
      });

      it('lets browsers save the object under a name of any characters', async () => {
        const key = await put(randomBytes(50));
        const url = world.storage.signRead(key, { expiresInMs: MINUTE_MS, downloadAs: `عکس "1" (a)'.webp` });

        const response = await fetch(url);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-disposition')).toBe(
          "attachment; filename*=UTF-8''%D8%B9%DA%A9%D8%B3%20%221%22%20%28a%29%27.webp",
        );
      });

      it('finds nothing where nothing is', async () => {
        const url = world.storage.signRead(UNKNOWN, { expiresInMs: MINUTE_MS });
        expect((await fetch(url)).status).toBe(404);
      });
    });

    describe('a signed upload', () => {
      it('stores up to its limit', async () => {
        const bytes = randomBytes(UPLOAD.maxBytes);
        const signed = world.storage.signUpload(UPLOAD);
        expect(signed.key).toMatch(/^uploads\/[0-9a-f-]{36}\.png$/);

        expect((await upload(signed, bytes)).ok).toBe(true);
        expect(await content(signed.key)).toEqual(bytes);
        expect(await world.storage.read(signed.key).then((it) => it?.body.destroy() && it.type)).toBe(
          'image/png',
        );
      });

      it.each([0, UPLOAD.maxBytes + 1])('stores nothing of %i bytes', async (size) => {
        const signed = world.storage.signUpload(UPLOAD);
        expect((await upload(signed, randomBytes(size))).ok).toBe(false);
        expect(await content(signed.key)).toBeUndefined();
      });

      it('ends with its time', async () => {
        const signed = world.storage.signUpload(UPLOAD);
        await world.passTime(MINUTE_MS);
        expect((await upload(signed, randomBytes(10))).status).toBe(403);
        expect(await content(signed.key)).toBeUndefined();
      });

      it('is good for no other key and with no other signature', async () => {
        const signed = world.storage.signUpload(UPLOAD);
        const other = world.storage.signUpload(UPLOAD).key;
        const moved = JSON.parse(JSON.stringify(signed).replaceAll(signed.key, other)) as typeof signed;
        expect((await upload(moved, randomBytes(10))).status).toBe(403);

        const signature = 'x-amz-signature';
        const forged =
          signed.method === 'PUT'
            ? { ...signed, url: spoilt(signed.url) }
            : { ...signed, fields: { ...signed.fields, [signature]: spoilt(signed.fields[signature]!) } };
        expect((await upload(forged, randomBytes(10))).status).toBe(403);
        expect(await content(signed.key)).toBeUndefined();
        expect(await content(other)).toBeUndefined();
      });

      it('gives each upload a key of its own', () => {
        const keys = Array.from({ length: 20 }, () => world.storage.signUpload(UPLOAD).key);
        expect(new Set(keys).size).toBe(20);
      });
    });
  });
}

/** The text with another character near its end. */
function spoilt(text: string): string {
  const at = text.length - 3;
  return text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
}
