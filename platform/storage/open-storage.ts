import type { LocalStorageConfig, S3Config, StorageConfig } from '../config/storage';
import { createSignedTokens } from '../signed-token';
import { openLocalStorage, type LocalStorage } from './local-storage';
import { createS3Storage, type S3Storage } from './s3-storage';

/** The store that the configuration names. The API serves the signed addresses of a local one. */
export type OpenStorage =
  | { readonly kind: 'local'; readonly storage: LocalStorage }
  | { readonly kind: 's3'; readonly storage: S3Storage };

/** What a process that keeps objects loads. */
export interface StorageSections {
  readonly storage: StorageConfig;
  readonly localStorage: LocalStorageConfig;
  readonly s3: S3Config;
}

/** @param baseUrl where the API serves the signed addresses of local objects, without a slash at the end */
export async function openStorage(
  { storage, localStorage, s3 }: StorageSections,
  baseUrl: string,
): Promise<OpenStorage> {
  if (storage.storage === 's3') return { kind: 's3', storage: createS3Storage(s3OptionsOf(s3)) };
  const tokens = createSignedTokens(localStorage.storageSecrets);
  const folder = localStorage.storageFolder;
  return { kind: 'local', storage: await openLocalStorage({ folder, baseUrl, tokens }) };
}

function s3OptionsOf(s3: S3Config): Parameters<typeof createS3Storage>[0] {
  return {
    endpoint: s3.s3Endpoint,
    region: s3.s3Region,
    bucket: s3.s3Bucket,
    accessKey: s3.s3AccessKey,
    secretKey: s3.s3SecretKey,
    pathStyle: s3.s3PathStyle,
    timeoutMs: s3.s3TimeoutMs,
  };
}
