import { buffer } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { LARGEST_OBJECT_BYTES } from '../../platform/storage/object-storage';
import { startS3World, type S3World } from '../support/s3-world';
import { upload } from '../support/storage-under-test';
import { objectStorageSuite } from './object-storage.suite';

objectStorageSuite('the S3', () => startS3World());

const OBJECT = { folder: 'products', type: 'image/webp', bytes: Buffer.from('a picture') } as const;
const UPLOAD = { folder: 'uploads', type: 'image/png', maxBytes: 1_000, expiresInMs: 60_000 } as const;
let world: S3World;

beforeAll(async () => {
  world = await startS3World();
});
afterEach(() => world.control('POST', '/reset'));
afterAll(() => world.stop());

it.each([
  [{ kind: 'error', status: 503, code: 'SlowDown' }, 'unavailable'],
  [{ kind: 'error', status: 500, code: 'InternalError' }, 'unavailable'],
  [{ kind: 'error', status: 400, code: 'RequestTimeout' }, 'unavailable'],
  [{ kind: 'html' }, 'unavailable'],
  [{ kind: 'reset' }, 'unavailable'],
  [{ kind: 'timeout' }, 'unavailable'],
  [{ kind: 'error', status: 403, code: 'AccessDenied' }, 'misconfigured'],
  [{ kind: 'error', status: 400, code: 'AuthorizationHeaderMalformed' }, 'misconfigured'],
  [{ kind: 'html', status: 404 }, 'misconfigured'],
  [{ kind: 'error', status: 301, code: 'PermanentRedirect' }, 'misconfigured'],
])('takes %j for %s', async (fault, reason) => {
  const storage = world.storageWith({ timeoutMs: 300 });
  const key = await storage.put(OBJECT);
  await world.control('POST', '/faults', { ...fault, times: 3 });

  await expect(storage.put(OBJECT)).rejects.toMatchObject({ name: 'StorageError', reason });
  await expect(storage.read(key)).rejects.toMatchObject({ reason });
  await expect(storage.remove(key)).rejects.toMatchObject({ reason });
  expect(await buffer((await storage.read(key))!.body)).toEqual(OBJECT.bytes);
});

it('cannot reach an address where nobody listens', async () => {
  const storage = world.storageWith({ endpoint: 'http://127.0.0.1:1' });
  await expect(storage.put(OBJECT)).rejects.toMatchObject({
    reason: 'unavailable',
    message: '127.0.0.1:1 gave no answer: ECONNREFUSED',
  });
});

it.each([
  [{ secretKey: 'another-secret-key' }, '403 SignatureDoesNotMatch'],
  [{ accessKey: 'AKIAUNKNOWN' }, '403 InvalidAccessKeyId'],
  [{ bucket: 'elsewhere' }, '404 NoSuchBucket'],
  [{ region: 'us-east-1' }, '400 AuthorizationHeaderMalformed'],
  [{ now: () => Date.now() - 16 * 60_000 }, '403 RequestTimeTooSkewed'],
])('says which setting is wrong: %j', async (wrong, code) => {
  const storage = world.storageWith(wrong);
  const refused = { reason: 'misconfigured', message: expect.stringMatching(`: ${code}$`) as string };
  await expect(storage.put(OBJECT)).rejects.toMatchObject(refused);
  await expect(storage.read(`products/${'0'.repeat(64)}.webp`)).rejects.toMatchObject(refused);
});

it('puts no secret into what it says', async () => {
  const storage = world.storageWith({ secretKey: 'another-secret-key' });
  const failure: unknown = await storage.put(OBJECT).catch((error: unknown) => error);
  expect(String((failure as Error).stack)).not.toContain('another-secret-key');
});

it('reads nothing larger than the limit from a service that does not keep to a policy', async () => {
  await world.control('PATCH', '/switches', { ignoresPolicy: true });
  const signed = world.storage.signUpload(UPLOAD);
  expect((await upload(signed, Buffer.alloc(LARGEST_OBJECT_BYTES + 1))).status).toBe(204);
  await expect(world.storage.read(signed.key)).rejects.toMatchObject({ refusal: 'too_large' });
});

it('lets an upload be replaced only under its own signature', async () => {
  const signed = world.storage.signUpload(UPLOAD);
  expect((await upload(signed, Buffer.from('first'))).status).toBe(204);
  expect((await upload(signed, Buffer.from('second'))).status).toBe(204);
  await world.passTime(60_000);
  expect((await upload(signed, Buffer.from('third'))).status).toBe(403);
  expect(await buffer((await world.storage.read(signed.key))!.body)).toEqual(Buffer.from('second'));
});

it("puts the bucket before the host's name where the service wants it there", () => {
  const storage = world.storageWith({ endpoint: 'https://s3.example.com/', pathStyle: false });
  const key = `products/${'0'.repeat(64)}.webp`;
  expect(storage.signRead(key, { expiresInMs: 1_000 })).toMatch(
    new RegExp(`^https://pictures\\.s3\\.example\\.com/${key}\\?X-Amz-`),
  );
  expect(storage.signUpload(UPLOAD).url).toBe('https://pictures.s3.example.com');
});
