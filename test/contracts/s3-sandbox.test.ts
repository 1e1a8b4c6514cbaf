import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { S3_ACCOUNT, startS3World, type S3World } from '../support/s3-world';

const Bucket = S3_ACCOUNT.bucket;
const Key = "folder/a picture (1)!*'+&=~ عکس.png";
const ContentType = 'image/png';
const folder = mkdtempSync(join(tmpdir(), 's3-sandbox-'));
let world: S3World;
let clients: S3Client[] = [];

beforeAll(async () => {
  world = await startS3World(folder);
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await world.control('POST', '/reset');
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

/** The official client, with no setting that a real service would not need. */
function clientWith(config: S3ClientConfig = {}): S3Client {
  const client = new S3Client({
    endpoint: world.url,
    region: S3_ACCOUNT.region,
    credentials: { accessKeyId: S3_ACCOUNT.accessKey, secretAccessKey: S3_ACCOUNT.secretKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    ...config,
  });
  clients.push(client);
  return client;
}

async function form(
  conditions: Parameters<typeof createPresignedPost>[1]['Conditions'],
  body: string,
  Expires = 60,
) {
  const { url, fields } = await createPresignedPost(clientWith(), {
    Bucket,
    Key,
    ...(conditions ? { Conditions: conditions } : {}),
    Fields: { 'Content-Type': ContentType },
    Expires,
  });
  return async (change: Readonly<Record<string, string>> = {}) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...change })) data.append(name, value);
    data.append('file', new Blob([body]), 'a.png');
    const response = await fetch(url, { method: 'POST', body: data });
    return { status: response.status, code: codeOf(await response.text()) };
  };
}

const codeOf = (xml: string) => /<Code>(\w+)<\/Code>/.exec(xml)?.[1];

it('serves the official client, unmodified', async () => {
  const client = clientWith();
  const Body = Buffer.from('متن');
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType }));

  expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
    ContentType,
    ContentLength: Body.length,
    ETag,
  });
  const object = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect(object).toMatchObject({ ContentType, ContentLength: Body.length, ETag });
  expect(await object.Body?.transformToString()).toBe('متن');

  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toBeInstanceOf(NoSuchKey);
  await expect(client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});

it.each([
  ['SignatureDoesNotMatch', { credentials: { accessKeyId: S3_ACCOUNT.accessKey, secretAccessKey: 'wrong' } }],
  ['InvalidAccessKeyId', { credentials: { accessKeyId: 'wrong', secretAccessKey: S3_ACCOUNT.secretKey } }],
  ['AuthorizationHeaderMalformed', { region: 'eu-west-1' }],
])('refuses the official client with %s', async (name, config) => {
  const client = clientWith(config);
  await expect(client.send(new PutObjectCommand({ Bucket, Key, Body: 'a' }))).rejects.toMatchObject({ name });
  await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name });
});

it('knows one bucket, and nobody without a signature', async () => {
  const elsewhere = { Bucket: 'elsewhere', Key };
  await expect(clientWith().send(new GetObjectCommand(elsewhere))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  const response = await fetch(`${world.url}/${Bucket}/a`);
  expect([response.status, codeOf(await response.text())]).toEqual([403, 'AccessDenied']);
});

it('takes addresses that the official client has signed, until they expire', async () => {
  const client = clientWith();
  const upload = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key }), { expiresIn: 60 });
  const read = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });

  expect((await fetch(upload, { method: 'PUT', body: 'content' })).status).toBe(200);
  expect(await (await fetch(read)).text()).toBe('content');
  expect(codeOf(await (await fetch(read, { method: 'PUT', body: 'other' })).text())).toBe(
    'SignatureDoesNotMatch',
  );

  await world.control('POST', '/clock', { advanceMs: 61_000 });
  for (const [url, method] of [
    [upload, 'PUT'],
    [read, 'GET'],
  ] as const) {
    const response = await fetch(url, { method });
    expect([response.status, codeOf(await response.text())]).toEqual([403, 'AccessDenied']);
  }
});

it('takes forms that the official client has signed, and holds them to their policy', async () => {
  const range = ['content-length-range', 2, 5] as const;
  const conditions: Parameters<typeof form>[0] = [[...range], ['starts-with', '$x-amz-meta-note', 'n']];
  const note = { 'x-amz-meta-note': 'note' };

  expect(await (await form(conditions, '12345'))(note)).toEqual({ status: 204, code: undefined });
  expect(await (await form(conditions, '123456'))(note)).toEqual({ status: 400, code: 'EntityTooLarge' });
  expect(await (await form(conditions, '1'))(note)).toEqual({ status: 400, code: 'EntityTooSmall' });
  expect(await (await form(conditions, '123'))({ 'x-amz-meta-note': 'other' })).toMatchObject({
    code: 'AccessDenied',
  });
  const send = await form([[...range]], '123');
  expect(await send({ key: 'other' })).toMatchObject({ status: 403, code: 'AccessDenied' });
  expect(await send({ 'Content-Type': 'text/html' })).toMatchObject({ status: 403, code: 'AccessDenied' });
  expect(await send({ 'x-extra': 'a' })).toMatchObject({ status: 403, code: 'AccessDenied' });
  expect(await send({ 'X-Amz-Signature': '00' })).toMatchObject({
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
  expect(await send({ Policy: 'bm90aGluZw==' })).toMatchObject({
    status: 403,
    code: 'SignatureDoesNotMatch',
  });
  await world.control('POST', '/clock', { advanceMs: 61_000 });
  expect(await send()).toMatchObject({ status: 403, code: 'AccessDenied' });
});

it('refuses a body that was changed on its way', async () => {
  const client = clientWith();
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body: unknown }).body = 'b';
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await expect(client.send(new PutObjectCommand({ Bucket, Key, Body: 'a' }))).rejects.toMatchObject({
    name: 'XAmzContentSHA256Mismatch',
  });
});

it('remembers its objects over a restart and forgets them with a reset', async () => {
  await clientWith().send(new PutObjectCommand({ Bucket, Key, Body: 'kept', ContentType }));
  await world.stop();
  world = await startS3World(folder);

  const { Body } = await clientWith().send(new GetObjectCommand({ Bucket, Key }));
  expect(await Body?.transformToString()).toBe('kept');
  expect(await world.control('GET', '/objects')).toMatchObject({
    total: 1,
    objects: [{ key: Key, type: ContentType, size: 4 }],
  });

  await world.control('POST', '/reset');
  expect(await world.control('GET', '/objects')).toMatchObject({ total: 0 });
  expect(readdirSync(folder)).toEqual(['state.jsonl']);
});

it('writes no key and no signature into its journal', async () => {
  const client = clientWith();
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'a' }));
  await fetch(await getSignedUrl(client, new GetObjectCommand({ Bucket, Key })));
  await (
    await form([], 'a')
  )();

  const journal = (await world.control('GET', '/journal?kind=request')) as {
    entries: { endpoint: string; key: string }[];
  };
  expect(journal.entries.map(({ endpoint }) => endpoint)).toEqual(['put', 'get', 'upload']);
  expect(journal.entries[0]).toMatchObject({ bucket: Bucket, key: Key, bytes: 1, status: 200 });
  const text = JSON.stringify(journal);
  expect(text).not.toContain(S3_ACCOUNT.accessKey);
  expect(text).not.toMatch(/signature/i);
});
