import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import { ObjectRefusedError } from './storage-errors';

/** What may be stored, by media type, with the extension that it has in keys. */
const EXTENSIONS = {
  'application/pdf': 'pdf',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
} as const;

/** A media type that may be stored. */
export type ContentType = keyof typeof EXTENSIONS;

/** Every media type that may be stored. */
export const CONTENT_TYPES = Object.keys(EXTENSIONS) as readonly ContentType[];

/** Nothing larger is stored. Pictures have a lower limit of their own. */
export const LARGEST_OBJECT_BYTES = 25 * 1024 * 1024;

/** The longest time that a signed address may be good for: S3 knows no longer one. */
export const LONGEST_SIGNATURE_MS = 7 * 24 * 3_600_000;

/**
 * Keeps files outside Postgres. A key names one content for ever: that of {@link ObjectStorage.put} has its hash in it. Every method
 * throws {@link ObjectRefusedError} for the caller's mistake and `StorageError` when the store itself does not work.
 */
export interface ObjectStorage {
  /** Stores the bytes and returns their key. Equal bytes have one key, so a repeat changes nothing. */
  put(object: NewObject): Promise<string>;
  /** The object; undefined when there is none. Its stream must be read to the end or destroyed. */
  read(key: string): Promise<StoredObject | undefined>;
  /**
   * Lets somebody who has no other right upload one object directly, under a new key. A store may let them replace it until the
   * signature expires: read it, check it, and put what passed under a key of its own.
   */
  signUpload(upload: UploadTerms): SignedUpload;
  /** An address under which anybody can read the object until it expires. The object need not exist. */
  signRead(key: string, terms: ReadTerms): string;
  /** Removes the object, if there is one. */
  remove(key: string): Promise<void>;
}

/** Bytes to store. */
export interface NewObject {
  /** The first part of the key, such as `products`. */
  readonly folder: string;
  readonly type: ContentType;
  readonly bytes: Uint8Array;
}

/** An object as the store returns it. */
export interface StoredObject {
  readonly type: ContentType;
  readonly size: number;
  readonly body: Readable;
}

/** What one upload may be. */
export interface UploadTerms {
  readonly folder: string;
  readonly type: ContentType;
  /** At most {@link LARGEST_OBJECT_BYTES}. */
  readonly maxBytes: number;
  readonly expiresInMs: number;
}

/** How a browser uploads: a PUT of the bytes with the headers, or a POST of a form with the fields and then `file`. */
export interface SignedUpload {
  readonly key: string;
  readonly method: 'PUT' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

/** How an address may be used. */
export interface ReadTerms {
  readonly expiresInMs: number;
  /** Makes browsers save the object under this name instead of showing it. */
  readonly downloadAs?: string | undefined;
}

/** The media type that the text names, when it may be stored. */
function allowedType(type: string): ContentType {
  if (!Object.hasOwn(EXTENSIONS, type)) {
    throw new ObjectRefusedError('wrong_type', `objects of the type ${JSON.stringify(type)} are not stored`);
  }
  return type as ContentType;
}

/** The key of this content. Throws when it is not allowed. */
export function contentKey({ folder, type, bytes }: NewObject): string {
  demandSize(bytes.length);
  return demandKey(
    `${folder}/${createHash('sha256').update(bytes).digest('hex')}.${EXTENSIONS[allowedType(type)]}`,
  );
}

/** A key for what somebody is going to upload. Throws when the terms are not allowed. */
export function uploadKey({ folder, type, maxBytes, expiresInMs }: UploadTerms): string {
  demandSize(maxBytes);
  demandLifetime(expiresInMs);
  return demandKey(`${folder}/${randomUUID()}.${EXTENSIONS[allowedType(type)]}`);
}

/** Throws unless an object may have this size. */
export function demandSize(bytes: number, most = LARGEST_OBJECT_BYTES): void {
  if (bytes < 1) throw new ObjectRefusedError('empty', 'an object has at least one byte');
  if (bytes > most) throw new ObjectRefusedError('too_large', `the object has more than ${most} bytes`);
}

/** Throws unless a signature may be good for this long. */
export function demandLifetime(ms: number): void {
  if (ms >= 1_000 && ms <= LONGEST_SIGNATURE_MS) return;
  throw new RangeError(`a signature is good for 1 s to 7 days, not for ${ms} ms`);
}

/** Lower-case folders, then a hash or UUID with an extension: nothing that a path or a URL would have to escape. */
const KEY = new RegExp(
  `^(?:[a-z0-9][a-z0-9-]{0,31}/){1,4}[0-9a-f][0-9a-f-]{31,63}\\.(?:${Object.values(EXTENSIONS).join('|')})$`,
);

/** The key itself. Throws for a text that no key can be. */
export function demandKey(key: string): string {
  if (!KEY.test(key)) throw new ObjectRefusedError('bad_key', `${JSON.stringify(key)} is not a key`);
  return key;
}

/** The media type that a key says. Throws for a text that no key can be. */
export function typeOfKey(key: string): ContentType {
  const extension = demandKey(key).slice(key.lastIndexOf('.') + 1);
  return CONTENT_TYPES.find((type) => EXTENSIONS[type] === extension)!;
}

/** The header that makes browsers save an object under a name (RFC 6266, RFC 8187). */
export function attachment(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}
