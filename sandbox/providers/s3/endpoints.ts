import type { Answer } from '../../kit/answer';
import type { Call } from '../../kit/call';
import type { Endpoint } from '../../kit/provider';
import type { S3Account } from './account';
import { authenticate } from './authenticate';
import { ANY_ORIGIN, S3Error } from './errors';
import type { Objects, StoredObject } from './objects';
import { demandPolicy, readForm } from './post-policy';

/** What the endpoints need to know. */
export interface S3 {
  readonly account: S3Account;
  readonly objects: Objects;
  now(): number;
  /** Whether uploads by form are taken whatever their policy says, as some services do. */
  ignoresPolicy(): boolean;
}

/** Names of buckets have no underscore, so the control API is none. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const LONGEST_KEY_BYTES = 1_024;

/** The calls on objects of the bucket, and the form that browsers upload with. */
export function s3Endpoints(s3: S3): Endpoint[] {
  const object = (
    name: string,
    method: 'PUT' | 'GET' | 'DELETE',
    answer: (call: Call, key: string) => Answer,
  ) => ({
    name,
    methods: [method],
    path: '/:bucket/*key',
    isServed: ({ params }: Call) => BUCKET.test(params['bucket'] ?? ''),
    target: (call: Call) => ({ bucket: call.params['bucket'], key: call.params['key'] }),
    note: ({ bytes, headers }: Call) => ({ type: headers['content-type'], bytes: bytes.length }),
    answer(call: Call) {
      authenticate(s3.account, call, s3.now());
      demandBucket(s3.account, call);
      return answer(call, keyOf(call));
    },
  });
  return [
    object('put', 'PUT', (call, key) => {
      demandKey(key);
      const type = call.headers['content-type'] ?? 'application/octet-stream';
      return { status: 200, headers: { ...ANY_ORIGIN, ETag: etag(s3.objects.put(key, type, call.bytes)) } };
    }),
    // A HEAD gets the same without the body.
    object('get', 'GET', (call, key) => {
      const found = s3.objects.find(key);
      if (!found) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
      const disposition = call.url.searchParams.get('response-content-disposition');
      return {
        status: 200,
        type: call.url.searchParams.get('response-content-type') ?? found.type,
        bytes: s3.objects.bytes(found),
        headers: {
          ...ANY_ORIGIN,
          ETag: etag(found),
          'Last-Modified': new Date(found.storedAt).toUTCString(),
          ...(disposition === null ? {} : { 'Content-Disposition': disposition }),
        },
      };
    }),
    object('delete', 'DELETE', (_call, key) => {
      s3.objects.remove(key);
      return { status: 204 };
    }),
    {
      name: 'upload',
      methods: ['POST'],
      path: '/:bucket{/}',
      isServed: ({ params }) => BUCKET.test(params['bucket'] ?? ''),
      target: ({ params }) => ({ bucket: params['bucket'] }),
      note: ({ bytes }) => ({ bytes: bytes.length }),
      answer: (call) => upload(s3, call),
    },
  ];
}

async function upload(s3: S3, call: Call): Promise<Answer> {
  const form = await readForm(call);
  demandBucket(s3.account, call);
  if (!s3.ignoresPolicy()) demandPolicy(s3.account, form, s3.now());
  demandKey(form.key);
  const type = form.fields.get('content-type') ?? 'application/octet-stream';
  const stored = s3.objects.put(form.key, type, form.bytes);
  const wanted = Number(form.fields.get('success_action_status'));
  return {
    status: wanted === 200 || wanted === 201 ? wanted : 204,
    headers: { ...ANY_ORIGIN, ETag: etag(stored) },
  };
}

function demandBucket({ bucket }: S3Account, { params }: Call): void {
  if (params['bucket'] !== bucket)
    throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
}

function demandKey(key: string): void {
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES)
    throw new S3Error(400, 'KeyTooLongError', 'Your key is too long');
}

function keyOf({ url, params }: Call): string {
  try {
    return decodeURIComponent(url.pathname.slice(params['bucket']!.length + 2));
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function etag({ md5 }: StoredObject): string {
  return `"${md5}"`;
}
