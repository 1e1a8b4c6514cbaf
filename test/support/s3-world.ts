import { createS3Storage, type S3Storage, type S3StorageOptions } from '../../platform/storage/s3-storage';
import { startProvider } from '../../sandbox/kit/start-provider';
import { s3Provider } from '../../sandbox/providers/s3/provider';
import type { StorageUnderTest } from './storage-under-test';

/** The account of the sandbox in tests. */
export const S3_ACCOUNT = {
  accessKey: 'AKIATESTTESTTESTTEST',
  secretKey: 'a-secret-key/of+tests',
  region: 'ir-thr-at1',
  bucket: 'pictures',
};

/** A store in a sandbox, and the sandbox's control API. */
export interface S3World extends StorageUnderTest {
  readonly storage: S3Storage;
  readonly url: string;
  /** The same bucket, reached otherwise. */
  storageWith(options: Partial<S3StorageOptions>): S3Storage;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** @param folder where the sandbox remembers; without one it forgets */
export async function startS3World(folder?: string): Promise<S3World> {
  const sandbox = await startProvider(s3Provider(S3_ACCOUNT), { port: 0, folder });
  let moved = 0;
  const now = () => Date.now() + moved;
  const opened: S3Storage[] = [];
  const storageWith = (options: Partial<S3StorageOptions>) => {
    const usual = { ...S3_ACCOUNT, endpoint: sandbox.url, pathStyle: true, timeoutMs: 5_000, now };
    const storage = createS3Storage({ ...usual, ...options });
    opened.push(storage);
    return storage;
  };

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  return {
    storage: storageWith({}),
    url: sandbox.url,
    storageWith,
    control,
    async passTime(ms) {
      moved += ms;
      await control('POST', '/clock', { advanceMs: ms });
    },
    async stop() {
      await Promise.all(opened.map((storage) => storage.close()));
      await sandbox.stop();
    },
  };
}
