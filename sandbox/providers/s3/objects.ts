import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Kit } from '../../kit/kit';
import { storedMap } from '../../kit/store';
import { S3Error } from './errors';

/** An object without its bytes. */
export interface StoredObject {
  readonly key: string;
  readonly type: string;
  readonly size: number;
  /** The MD5 of the bytes, as S3 has it for objects that came in one piece. */
  readonly md5: string;
  readonly storedAt: number;
}

/** The objects of the bucket. */
export interface Objects {
  put(key: string, type: string, bytes: Buffer): StoredObject;
  find(key: string): StoredObject | undefined;
  bytes(object: StoredObject): Buffer;
  remove(key: string): void;
  all(): StoredObject[];
  /** Forgets the bytes; the store has forgotten the objects. */
  reset(): void;
}

/** The objects that the last process left, with their bytes in files. Without a folder all is in memory. */
export function createObjects({ store, folder, clock }: Kit, limit: number): Objects {
  const objects = storedMap<StoredObject>(store, 'objects');
  const files = folder === undefined ? inMemory() : inFolder(join(folder, 'objects'));
  return {
    put(key, type, bytes) {
      if (objects.size >= limit && objects.get(key) === undefined) {
        throw new S3Error(507, 'XMinioStorageFull', `The sandbox keeps ${limit} objects. Remove some.`);
      }
      files.write(key, bytes);
      const md5 = createHash('md5').update(bytes).digest('hex');
      const object = { key, type, size: bytes.length, md5, storedAt: clock.now() };
      objects.set(key, object);
      return object;
    },
    find: (key) => objects.get(key),
    bytes: ({ key }) => files.read(key),
    remove(key) {
      objects.delete(key);
      files.remove(key);
    },
    all: () => [...objects.values()],
    reset: () => files.clear(),
  };
}

interface Files {
  write(key: string, bytes: Buffer): void;
  read(key: string): Buffer;
  remove(key: string): void;
  clear(): void;
}

function inMemory(): Files {
  const files = new Map<string, Buffer>();
  return {
    write: (key, bytes) => files.set(key, bytes),
    read: (key) => files.get(key)!,
    remove: (key) => files.delete(key),
    clear: () => files.clear(),
  };
}

function inFolder(folder: string): Files {
  // A key may be anything; its hash is a name on every file system.
  const fileOf = (key: string) => join(folder, createHash('sha256').update(key).digest('hex'));
  return {
    write(key, bytes) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${fileOf(key)}.new`, bytes, { mode: 0o600 });
      renameSync(`${fileOf(key)}.new`, fileOf(key));
    },
    read: (key) => readFileSync(fileOf(key)),
    remove: (key) => rmSync(fileOf(key), { force: true }),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}
