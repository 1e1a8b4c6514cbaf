import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { unpackTar } from 'modern-tar';
import { fromBufferPromise } from 'yauzl';

/** The bytes of a file in a zip (such as a Python wheel), found by the end of its path; undefined when there is none. */
export async function fileInZip(bytes: Buffer, pathEnd: string): Promise<Buffer | undefined> {
  const zip = await fromBufferPromise(bytes).catch(() => undefined);
  if (!zip) return undefined;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith(pathEnd)) return buffer(await zip.openReadStreamPromise(entry));
  }
  return undefined;
}

/** The bytes of a file in a `.tar.gz`, found by the end of its path; undefined when there is none. */
export async function fileInTarGz(bytes: Buffer, pathEnd: string): Promise<Buffer | undefined> {
  const [found] = await unpackTar(gunzipSync(bytes), {
    strict: true,
    filter: ({ name, type }) => type === 'file' && name.endsWith(pathEnd),
  });
  return found?.data && Buffer.from(found.data);
}
