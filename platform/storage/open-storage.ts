import type { Config } from '../config/load-config';
import { LocalStorageConfig, S3Config, StorageConfig } from '../config/storage';
import { createSignedTokens } from '../signed-token';
import { openLocalStorage, type LocalStorage } from './local-storage';
import { createS3Storage, type S3Storage } from './s3-storage';

/** The store that the configuration names. The API serves the signed addresses of a local one. */
export type OpenStorage = (
  | { readonly kind: 'local'; readonly storage: LocalStorage }
  | { readonly kind: 's3'; readonly storage: S3Storage }
) & { readonly close: () => Promise<void> };

/** What a process that keeps objects loads. */
export const STORAGE_SECTIONS = { storage: StorageConfig, localStorage: LocalStorageConfig, s3: S3Config };

/** Where the API takes uploads, for the `baseUrl` of a local store. */
export const uploadsUrl = (publicUrl: string): string => `${publicUrl}/uploads`;

/** @param baseUrl where the API serves the signed addresses of local objects, without a slash at the end */
export async function openStorage(
  { storage, localStorage, s3 }: Config<typeof STORAGE_SECTIONS>,
  baseUrl: string,
): Promise<OpenStorage> {
  if (storage.storage === 's3') {
    const bucket = createS3Storage(s3OptionsOf(s3));
    return { kind: 's3', storage: bucket, close: bucket.close };
  }
  const tokens = createSignedTokens(localStorage.storageSecrets);
  const folder = localStorage.storageFolder;
  const local = await openLocalStorage({ folder, baseUrl, tokens });
  return { kind: 'local', storage: local, close: () => Promise.resolve() };
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
