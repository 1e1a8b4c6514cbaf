import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { parseSnapshot } from './snapshot';
import type { Validated } from './validity';

/** Part of each key in Redis: what a process with another format wrote is a miss. */
export const ENTRY_FORMAT = 1;
/** Smaller bytes fit into a packet as they are. */
const SMALLEST_COMPRESSED = 1_024;
const GZIP_LEVEL = 6;
const DIGEST_BYTES = 20;

/** An answer as it is sent, and until when it may be. */
export interface Entry extends Validated {
  readonly bytes: Buffer;
  /** Undefined where compression saves nothing. */
  readonly gzip: Buffer | undefined;
  readonly etag: string;
  /** Milliseconds since 1970. From then on it is loaded again. */
  readonly freshUntil: number;
  /** From then on it must not even replace a load that failed. */
  readonly usableUntil: number;
}

const compress = promisify(gzip);

/** The bytes compressed, where that pays. */
export async function compressed(bytes: Buffer): Promise<Buffer | undefined> {
  if (bytes.length < SMALLEST_COMPRESSED) return undefined;
  const small = await compress(bytes, { level: GZIP_LEVEL });
  return small.length < bytes.length ? small : undefined;
}

/** What an entry takes of the memory. */
export function sizeOf({ name, bytes, gzip: small }: Entry): number {
  return 512 + 2 * name.length + bytes.length + (small?.length ?? 0);
}

/** An entry as Redis keeps it: a digest of the rest, the length of the head, the head as JSON, the bytes, the compressed bytes. */
export function encodeEntry({ bytes, gzip: small, stamp, ...rest }: Entry): Buffer {
  const head = Buffer.from(JSON.stringify({ ...rest, stamp: stamp.text, length: bytes.length }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const content = Buffer.concat([length, head, bytes, small ?? Buffer.alloc(0)]);
  return Buffer.concat([digestOf(content), content]);
}

/** The entry with this name that {@link encodeEntry} wrote. Undefined for anything else. */
export function decodeEntry(stored: Buffer, name: string): Entry | undefined {
  const content = stored.subarray(DIGEST_BYTES);
  if (content.length < 4 || !digestOf(content).equals(stored.subarray(0, DIGEST_BYTES))) return undefined;
  const begin = 4 + content.readUInt32BE();
  // The digest says that one of our processes wrote it, and the key says that it has this format.
  const { stamp, length, ...rest } = JSON.parse(content.toString('utf8', 4, begin)) as Omit<
    Entry,
    'stamp' | 'bytes' | 'gzip'
  > & { readonly stamp: string; readonly length: number };
  const snapshot = parseSnapshot(stamp);
  if (rest.name !== name || !snapshot) return undefined;
  const small = content.subarray(begin + length);
  return {
    ...rest,
    stamp: snapshot,
    bytes: content.subarray(begin, begin + length),
    gzip: small.length > 0 ? small : undefined,
  };
}

function digestOf(content: Buffer): Buffer {
  return createHash('sha1').update(content).digest();
}
