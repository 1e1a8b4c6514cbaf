import type { ObjectStorage, SignedUpload } from '../../platform/storage/object-storage';

/** A store and the world around it. */
export interface StorageUnderTest {
  readonly storage: ObjectStorage;
  /** Moves every clock that decides whether a signature has expired. */
  passTime(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Uploads as a browser does. */
export function upload(
  { method, url, headers, fields }: SignedUpload,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  if (method === 'PUT') return fetch(url, { method, headers, body: bytes });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([bytes]), 'picture');
  return fetch(url, { method, headers, body: form });
}
