import { fileTypeFromBuffer } from 'file-type';

import type { ObjectStorage } from './object-storage';
import { ObjectRefusedError } from './storage-errors';

/** The marks of all known formats are in these first bytes. */
const HEAD_BYTES = 4_100;

/** What an object is, whatever somebody said of it. */
export interface InspectedObject {
  readonly bytes: number;
  /** The media type of its content without parameters; undefined for text, SVG, HTML and whatever else has no mark. */
  readonly type: string | undefined;
}

/** Names that differ from those of the store. */
const SAME_TYPES: Readonly<Record<string, string>> = { 'audio/x-m4a': 'audio/mp4' };

/**
 * Looks at the size and the first bytes of an object. A file can be of two formats at once, so its type does not say that it is
 * harmless: serve it with `nosniff`, as an attachment and in a sandbox.
 *
 * @returns undefined when there is no object. One that is too large for the store has an infinite size
 */
export async function inspectObject(
  storage: Pick<ObjectStorage, 'read'>,
  key: string,
): Promise<InspectedObject | undefined> {
  const object = await storage.read(key).catch((error: unknown) => {
    if (error instanceof ObjectRefusedError && error.refusal === 'too_large') return 'too_large' as const;
    throw error;
  });
  if (object === undefined) return undefined;
  if (object === 'too_large') return { bytes: Number.POSITIVE_INFINITY, type: undefined };
  const chunks: Buffer[] = [];
  let read = 0;
  try {
    for await (const chunk of object.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      read += chunk.length;
      if (read >= HEAD_BYTES) break;
    }
  } finally {
    object.body.destroy();
  }
  const head = Buffer.concat(chunks).subarray(0, HEAD_BYTES);
  const mime = (await fileTypeFromBuffer(head))?.mime.split(';')[0];
  return { bytes: object.size, type: mime && (SAME_TYPES[mime] ?? mime) };
}
