import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { SignedTokens } from '../signed-token';
import {
  attachment,
  contentKey,
  demandKey,
  demandLifetime,
  demandSize,
  typeOfKey,
  uploadKey,
  type ObjectStorage,
  type StoredObject,
} from './object-storage';
import { ObjectRefusedError, StorageError } from './storage-errors';

/** Objects as files of this machine. The signed addresses lead to the shop's own API, which hands them to the last two methods. */
export interface LocalStorage extends ObjectStorage {
  /**
   * Stores what a signed upload sent, and cuts it at the limit of its terms. A key that exists already is refused.
   *
   * @param body of a request `iterator({ destroyOnReturn: false })`, or a refusal cannot be answered any more
   */
  receive(key: string, token: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** The object of a signed address, with its Content-Disposition; undefined when there is none. */
  readSigned(key: string, token: string): Promise<SignedObject | undefined>;
}

/** An object and how browsers may treat it. */
export interface SignedObject extends StoredObject {
  readonly disposition: string;
}

/** Where the files are and who may reach them. */
export interface LocalStorageOptions {
  /** Created when it is missing at the start, but never afterwards: it may be a volume that went away. */
  readonly folder: string;
  /** Where the API serves signed addresses, without a slash at the end. */
  readonly baseUrl: string;
  readonly tokens: SignedTokens;
  readonly now?: (() => number) | undefined;
}

const UPLOAD = 'storage-upload';
const READ = 'storage-read';
/** Files that are being written: on the same volume, because only there a rename is atomic. */
const INCOMING = '.incoming';
/** No write takes longer. What is older was left by a process that was killed. */
const ABANDONED_MS = 24 * 3_600_000;

interface UploadClaim {
  readonly key: string;
  readonly maxBytes: number;
}
interface ReadClaim {
  readonly key: string;
  readonly downloadAs?: string;
}

/** Opens the folder and removes what killed processes left half-written in it. */
export async function openLocalStorage({
  folder,
  baseUrl,
  tokens,
  now = Date.now,
}: LocalStorageOptions): Promise<LocalStorage> {
  const incoming = join(folder, INCOMING);
  const fileOf = (key: string) => join(folder, demandKey(key));
  const urlOf = (key: string, token: string) => `${baseUrl}/${key}?token=${token}`;

  await explaining(folder, async () => {
    await mkdir(incoming, { recursive: true });
    for (const name of await readdir(incoming)) {
      const file = join(incoming, name);
      const age = now() - ((await stat(file).catch(absent))?.mtimeMs ?? now());
      if (age > ABANDONED_MS) await rm(file, { force: true });
    }
  });

  /** Writes a file beside its place, then publishes it: nobody ever sees a part of it. */
  async function write(
    key: string,
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
    publish: (written: string, file: string) => Promise<void>,
  ): Promise<void> {
    const written = join(incoming, randomUUID());
    await explaining(folder, async () => {
      try {
        const file = await open(written, 'wx', 0o640);
        try {
          let size = 0;
          for await (const chunk of body) {
            size += chunk.length;
            if (size > maxBytes) break;
            await file.writeFile(chunk);
          }
          demandSize(size, maxBytes);
          await file.sync();
        } finally {
          await file.close();
        }
        const place = fileOf(key);
        await mkdir(dirname(place), { recursive: true });
        await publish(written, place);
        await syncFolder(dirname(place));
      } finally {
        await rm(written, { force: true });
      }
    });
  }

  async function read(key: string): Promise<StoredObject | undefined> {
    const file = fileOf(key);
    return explaining(folder, async () => {
      const handle = await open(file, 'r').catch(absent);
      if (handle) {
        const { size } = await handle.stat();
        return { type: typeOfKey(key), size, body: handle.createReadStream() };
      }
      // Without its folder nothing is known about an object, not even that it is absent.
      await stat(incoming);
      return undefined;
    });
  }

  function claimOf(purpose: string, key: string, token: string): { readonly key: string } {
    const claim = tokens.read(purpose, token) as { readonly key: string } | undefined;
    if (claim?.key === demandKey(key)) return claim;
    throw new ObjectRefusedError('not_signed', 'the address is not signed for this, or it has expired');
  }

  return {
    async put(object) {
      const key = contentKey(object);
      await write(key, chunks(object.bytes), object.bytes.length, rename);
      return key;
    },
    read,
    signUpload(terms) {
      const key = uploadKey(terms);
      const claim: UploadClaim = { key, maxBytes: terms.maxBytes };
      const token = tokens.sign(UPLOAD, claim, new Date(now() + terms.expiresInMs));
      const headers = { 'content-type': terms.type };
      return { key, method: 'PUT', url: urlOf(key, token), headers, fields: {} };
    },
    signRead(key, { expiresInMs, downloadAs }) {
      demandLifetime(expiresInMs);
      const claim: ReadClaim = { key: demandKey(key), ...(downloadAs === undefined ? {} : { downloadAs }) };
      return urlOf(key, tokens.sign(READ, claim, new Date(now() + expiresInMs)));
    },
    async remove(key) {
      const file = fileOf(key);
      await explaining(folder, () => rm(file, { force: true }));
    },
    async receive(key, token, body) {
      const { maxBytes } = claimOf(UPLOAD, key, token) as UploadClaim;
      await write(key, body, maxBytes, publishNew);
    },
    async readSigned(key, token) {
      const { downloadAs } = claimOf(READ, key, token) as ReadClaim;
      const object = await read(key);
      const disposition = downloadAs === undefined ? 'inline' : attachment(downloadAs);
      return object && { ...object, disposition };
    },
  };
}

/** Unlike a rename, a link never replaces what is there. */
async function publishNew(written: string, file: string): Promise<void> {
  await link(written, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new ObjectRefusedError('exists', 'there is an object under this key already');
  });
}

/** Forces a new name to the disk: the row that names the object survives a power cut, too. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

/** Runs and turns what the file system says into words that tell an operator what to do. */
async function explaining<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new ObjectRefusedError('exists', 'there is an object under this key already');
    const known = FAILURES[code ?? ''];
    if (!known) throw error;
    throw new StorageError(known[0], `the storage folder ${folder} ${known[1]} (${code})`, { cause: error });
  }
}

const FAILURES: Readonly<Record<string, readonly [StorageError['reason'], string]>> = {
  ENOSPC: ['unavailable', 'is on a full disk: make room'],
  EDQUOT: ['unavailable', 'has used up its quota'],
  EMFILE: ['unavailable', 'cannot be read, because too many files are open'],
  ENFILE: ['unavailable', 'cannot be read, because too many files are open'],
  EIO: ['unavailable', 'is on a disk that fails'],
  ENOENT: ['unavailable', 'is missing: mount or restore it, then start again'],
  EACCES: ['misconfigured', 'does not belong to the user of this process'],
  EPERM: ['misconfigured', 'does not belong to the user of this process'],
  EROFS: ['misconfigured', 'is read-only'],
  ENOTDIR: ['misconfigured', 'is not a folder'],
};
