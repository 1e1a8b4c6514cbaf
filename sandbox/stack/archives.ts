import { gunzipSync, inflateRawSync } from 'node:zlib';

/**
 * The bytes of one file in a zip (a Python wheel is one), found by the end of its path; undefined when there is none.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3
 */
export function fileInZip(zip: Buffer, pathEnd: string): Buffer | undefined {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) return undefined;
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => zip.readUInt16LE(entry + at));
    const name = zip.toString('utf8', entry + 46, entry + 46 + nameLength!);
    if (name.endsWith(pathEnd)) return inflate(zip, entry);
    entry += 46 + nameLength! + extraLength! + commentLength!;
  }
  return undefined;
}

function inflate(zip: Buffer, entry: number): Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const compressedSize = zip.readUInt32LE(entry + 20);
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + compressedSize);
  return method === 0 ? bytes : inflateRawSync(bytes);
}

/** The same for a `.tar.gz`. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar) */
export function fileInTarGz(archive: Buffer, pathEnd: string): Buffer | undefined {
  const tar = gunzipSync(archive);
  for (let header = 0; header + 512 <= tar.length && tar[header] !== 0;) {
    const name = text(tar, header, 100);
    const size = Number.parseInt(text(tar, header + 124, 12), 8);
    if (name.endsWith(pathEnd)) return tar.subarray(header + 512, header + 512 + size);
    header += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}

function text(tar: Buffer, start: number, length: number): string {
  return tar
    .toString('latin1', start, start + length)
    .replace(/\0.*$/s, '')
    .trim();
}
