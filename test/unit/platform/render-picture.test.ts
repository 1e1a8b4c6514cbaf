import { crc32, deflateSync } from 'node:zlib';

import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';

import { LARGEST_PICTURE_BYTES, renderPicture } from '../../../platform/render-picture';

const solid = (width: number, height: number, background: string) =>
  ({ create: { width, height, channels: 3, background } }) as const;

/** A red picture whose upper left quarter is blue. */
function picture(width: number, height: number): Sharp {
  const input = solid(Math.ceil(width / 2), Math.ceil(height / 2), 'blue');
  return sharp(solid(width, height, 'red')).composite([{ input, left: 0, top: 0 }]);
}

const sizesOf = async (bytes: Uint8Array) =>
  (await renderPicture(bytes)).map(({ width, height }) => [width, height]);

it.each(['jpeg', 'png', 'webp', 'avif'] as const)('resizes a %s to every width, as WebP', async (format) => {
  const bytes = await picture(1_600, 800).toFormat(format).toBuffer();

  const rendered = await renderPicture(bytes);

  expect(rendered.map(({ width, height }) => [width, height])).toEqual([
    [200, 100],
    [600, 300],
    [1_200, 600],
  ]);
  for (const { width, height, bytes: result } of rendered) {
    expect(await sharp(result).metadata()).toMatchObject({ format: 'webp', width, height });
  }
});

it('enlarges nothing', async () => {
  expect(await sizesOf(await picture(100, 50).png().toBuffer())).toEqual([[100, 50]]);
  expect(await sizesOf(await picture(601, 300).png().toBuffer())).toEqual([
    [200, 100],
    [600, 300],
    [601, 300],
  ]);
  expect(await sizesOf(await picture(1, 1).png().toBuffer())).toEqual([[1, 1]]);
});

it('turns a picture upright and strips what it says of place and camera', async () => {
  const bytes = await picture(400, 200)
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitude: '35/1 41/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(await sharp(bytes).metadata()).toMatchObject({ orientation: 6, exif: expect.any(Buffer) as Buffer });

  const rendered = await renderPicture(bytes);

  expect(rendered.map(({ width, height }) => [width, height])).toEqual([[200, 400]]);
  const metadata = await sharp(rendered[0]!.bytes).metadata();
  expect([metadata.exif, metadata.xmp, metadata.orientation]).toEqual([undefined, undefined, undefined]);
  // Turned by 90° clockwise, the blue quarter is on the right.
  const pixel = async (left: number, top: number) =>
    sharp(rendered[0]!.bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer();
  const [right, left] = [await pixel(190, 10), await pixel(10, 10)];
  expect(right[2]!).toBeGreaterThan(right[0]!);
  expect(left[0]!).toBeGreaterThan(left[2]!);
});

it('keeps transparency', async () => {
  const bytes = await sharp({ create: { width: 300, height: 300, channels: 4, background: '#ff000080' } })
    .png()
    .toBuffer();
  const [small] = await renderPicture(bytes);
  expect(await sharp(small!.bytes).metadata()).toMatchObject({ hasAlpha: true });
});

it('gives equal pictures for equal bytes, so that their keys are equal', async () => {
  const bytes = await picture(700, 500).jpeg().toBuffer();
  expect(await renderPicture(bytes)).toEqual(await renderPicture(bytes));
});

describe('it refuses', () => {
  it('a file that is no picture, whatever its name would be', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="9" height="9"/></svg>';
    const files = ['', 'a', '<html></html>', '%PDF-1.7\n', svg, `GIF89a${'\0'.repeat(20)}`, '\xff\xd8\xff'];
    for (const file of files) {
      await expect(renderPicture(Buffer.from(file, 'latin1')), file).rejects.toMatchObject({
        code: 'not_a_picture',
      });
    }
  });

  it.each(['gif', 'tiff'] as const)('a %s', async (format) => {
    const bytes = await picture(20, 20).toFormat(format).toBuffer();
    await expect(renderPicture(bytes)).rejects.toMatchObject({ code: 'not_a_picture' });
  });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('a %s that was cut off', async (format) => {
    const noise = {
      create: { width: 300, height: 300, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
    };
    const bytes = await sharp(noise as unknown as sharp.SharpOptions)
      .toFormat(format)
      .toBuffer();
    await expect(renderPicture(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({
      code: 'not_a_picture',
    });
  });

  it('a picture that moves', async () => {
    const frames = ['red', 'blue'].map((color) =>
      sharp(solid(50, 50, color))
        .png()
        .toBuffer(),
    );
    const bytes = await sharp(await Promise.all(frames), { join: { animated: true } })
      .webp()
      .toBuffer();
    await expect(renderPicture(bytes)).rejects.toMatchObject({ code: 'animated' });
  });

  it('a file above the limit', async () => {
    await expect(renderPicture(Buffer.alloc(LARGEST_PICTURE_BYTES + 1))).rejects.toMatchObject({
      code: 'too_large',
    });
  });

  it('few bytes that stand for too many pixels, before they are decoded', async () => {
    const bomb = emptyPng(30_000, 30_000);
    expect(bomb.length).toBeLessThan(200);
    await expect(renderPicture(bomb)).rejects.toMatchObject({ code: 'too_many_pixels' });
    await expect(renderPicture(emptyPng(2_000_000_000, 1))).rejects.toMatchObject({
      code: expect.stringMatching(/^(too_many_pixels|not_a_picture)$/) as string,
    });
  });
});

/** A PNG that says how large it is, and has no pixels. */
function emptyPng(width: number, height: number): Buffer {
  const header = Buffer.from([...u32(width), ...u32(height), 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(10))),
    chunk('IEND', Buffer.of()),
  ];
  return Buffer.concat([signature, ...parts]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
