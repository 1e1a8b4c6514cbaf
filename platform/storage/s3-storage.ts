import type { Readable } from 'node:stream';

import { Agent, request, type Dispatcher } from 'undici';

import {
  attachment,
  contentKey,
  demandKey,
  demandLifetime,
  LARGEST_OBJECT_BYTES,
  typeOfKey,
  uploadKey,
  type ObjectStorage,
} from './object-storage';
import { presignedUrl, signedHeaders, signedPolicy, type S3Credentials } from './s3-signature';
import { ObjectRefusedError, StorageError } from './storage-errors';

/** A bucket of a service that speaks the S3 API, and how to reach it. */
export interface S3StorageOptions extends S3Credentials {
  /** The address of the service without the bucket; browsers upload to it, too. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Whether the bucket is the first part of the path. Otherwise it is the first part of the host's name. */
  readonly pathStyle: boolean;
  /** From connecting to the beginning of the answer; its body may pause for as long. */
  readonly timeoutMs: number;
  readonly now?: (() => number) | undefined;
}

/** Objects in an S3-compatible store. Nothing is retried here: the caller knows for how long it can wait. */
export interface S3Storage extends ObjectStorage {
  close(): Promise<void>;
}

interface S3Answer {
  readonly status: number;
  readonly size: number;
  readonly body: Readable;
}

const NOTHING = new Uint8Array();
/** Error documents have some hundred bytes. */
const LONGEST_ERROR_BYTES = 16_384;
/** Below the 5 s after which many servers close an idle connection. */
const IDLE_CONNECTION_MS = 4_000;

export function createS3Storage(options: S3StorageOptions): S3Storage {
  const { endpoint, bucket, pathStyle, timeoutMs, now = Date.now } = options;
  const bucketUrl = addressOf(endpoint, bucket, pathStyle);
  const agent = new Agent({
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    // One timer covers all until the headers.
    headersTimeout: 0,
    bodyTimeout: timeoutMs,
  });
  const urlOf = (key: string) => new URL(`${bucketUrl}/${demandKey(key)}`);
  const time = () => new Date(now());

  async function call(
    method: Dispatcher.HttpMethod,
    key: string,
    body: Uint8Array = NOTHING,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<S3Answer> {
    const url = urlOf(key);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const {
        statusCode,
        headers: received,
        body: stream,
      } = await request(url, {
        dispatcher: agent,
        method,
        headers: signedHeaders(options, { method, url, headers }, body, time()),
        body: body.length === 0 ? null : body,
        signal: abort.signal,
      });
      // undici calls it an error to destroy a body early, and one that nobody listens to ends the process.
      stream.on('error', () => undefined);
      return { status: statusCode, size: Number(received['content-length']), body: stream };
    } catch (error) {
      const reason = abort.signal.aborted ? `it took more than ${timeoutMs} ms` : reasonOf(error);
      throw new StorageError('unavailable', `${url.host} gave no answer: ${reason}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads an answer whose body says nothing. */
  async function finish({ status, body }: S3Answer): Promise<void> {
    if (status >= 200 && status < 300) await drain(body);
    else throw failure(status, await errorCode(body));
  }

  function failure(status: number, code: string): StorageError {
    const isPassing = status >= 500 || status === 429 || PASSING.has(code);
    const { host } = new URL(bucketUrl);
    const message = `${host} refused a call on the bucket ${bucket}: ${status} ${code}`;
    return new StorageError(isPassing ? 'unavailable' : 'misconfigured', message);
  }

  return {
    async put(object) {
      const key = contentKey(object);
      await finish(await call('PUT', key, object.bytes, { 'content-type': object.type }));
      return key;
    },
    async read(key) {
      const { status, size, body } = await call('GET', key);
      if (status !== 200) {
        const code = await errorCode(body);
        if (status === 404 && code === 'NoSuchKey') return undefined;
        throw failure(status, code);
      }
      // An upload is checked after it has come: S3 keeps what it was sent, and not every service keeps to a policy.
      if (!(size <= LARGEST_OBJECT_BYTES)) {
        body.destroy();
        throw new ObjectRefusedError('too_large', `the object has more than ${LARGEST_OBJECT_BYTES} bytes`);
      }
      return { type: typeOfKey(key), size, body };
    },
    signUpload(terms) {
      const key = uploadKey(terms);
      const at = time();
      const own = { key, 'content-type': terms.type };
      const conditions = [
        { bucket },
        ...Object.entries(own).map(([name, value]) => ({ [name]: value })),
        ['content-length-range', 1, terms.maxBytes] as const,
      ];
      const expiresAt = new Date(at.getTime() + terms.expiresInMs);
      const fields = { ...own, ...signedPolicy(options, conditions, expiresAt, at) };
      return { key, method: 'POST', url: bucketUrl, headers: {}, fields };
    },
    signRead(key, { expiresInMs, downloadAs }) {
      demandLifetime(expiresInMs);
      const url = urlOf(key);
      if (downloadAs !== undefined)
        url.searchParams.set('response-content-disposition', attachment(downloadAs));
      return presignedUrl(options, { method: 'GET', url }, Math.ceil(expiresInMs / 1_000), time());
    },
    async remove(key) {
      await finish(await call('DELETE', key));
    },
    close: () => agent.close(),
  };
}

/** Errors below 500 that a repeat may not have. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const PASSING: ReadonlySet<string> = new Set(['RequestTimeout', 'OperationAborted', 'SlowDown']);

/** The address of the bucket without a slash at the end. */
function addressOf(endpoint: string, bucket: string, pathStyle: boolean): string {
  const url = new URL(endpoint);
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
  const base = url.href.replace(/\/+$/, '');
  return pathStyle ? `${base}/${bucket}` : base;
}

/** What S3 calls its refusal, or whatever stands before it. */
async function errorCode(body: Readable): Promise<string> {
  const [, code] = /<Code>(\w{1,64})<\/Code>/.exec((await drain(body)).toString()) ?? [];
  return code ?? 'without an error code';
}

/** The beginning of a short body. A long one is cut off with its connection. */
async function drain(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LONGEST_ERROR_BYTES) break;
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || code.startsWith('UND_ERR') ? message : code;
}
