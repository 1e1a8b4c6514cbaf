import sharp, { type Metadata } from 'sharp';

/** The widths that pictures are resized to, in pixels. */
export const PICTURE_WIDTHS = [200, 600, 1200] as const;

/** The largest file that is read as a picture. */
export const LARGEST_PICTURE_BYTES = 10 * 1024 * 1024;

/** Some kilobytes of PNG can stand for gigabytes of pixels. The cameras of telephones take 12 to 50 million. */
const MOST_PIXELS = 50_000_000;
const LONGEST_RENDERING_S = 20;
const QUALITY = 80;

/** The file cannot be used as a picture; `code` is for the person who sent it. */
export class PictureRefusedError extends Error {
  override readonly name = 'PictureRefusedError';

  constructor(
    readonly code: 'animated' | 'not_a_picture' | 'too_large' | 'too_many_pixels',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A picture in one size, as WebP without metadata. */
export interface RenderedPicture {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

// libvips also reads SVG, PDF and dozens of other formats, whose readers were not made for files of strangers.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});

/**
 * Resizes a JPEG, PNG, WebP or AVIF to all of {@link PICTURE_WIDTHS}, upright and in sRGB. Its content says what it is, never its
 * name. A picture that is smaller than a width keeps its size, and such widths have one picture together. Equal bytes give equal
 * pictures. Throws {@link PictureRefusedError}.
 */
export async function renderPicture(bytes: Uint8Array): Promise<readonly RenderedPicture[]> {
  if (bytes.length > LARGEST_PICTURE_BYTES) {
    throw new PictureRefusedError('too_large', `the picture has more than ${LARGEST_PICTURE_BYTES} bytes`);
  }
  const { autoOrient, pages = 1 } = await metadataOf(bytes);
  if (pages > 1) throw new PictureRefusedError('animated', 'the picture moves: send one that stands still');
  const widths = new Set(PICTURE_WIDTHS.map((width) => Math.min(width, autoOrient.width)));
  const pictures: RenderedPicture[] = [];
  // One after another: each holds the decoded picture in memory.
  for (const width of widths) pictures.push(await resized(bytes, width));
  return pictures;
}

async function metadataOf(bytes: Uint8Array): Promise<Metadata> {
  // The limit would refuse the picture here already, but in words that only say so.
  const metadata = await refusing(() => sharp(bytes, { limitInputPixels: false }).metadata());
  const { format, compression, width, height } = metadata;
  if (format === 'heif' && compression !== 'av1') throw notAPicture();
  if (width * height > MOST_PIXELS) {
    throw new PictureRefusedError('too_many_pixels', `the picture has more than ${MOST_PIXELS} pixels`);
  }
  return metadata;
}

async function resized(bytes: Uint8Array, width: number): Promise<RenderedPicture> {
  const { data, info } = await refusing(() =>
    sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .timeout({ seconds: LONGEST_RENDERING_S })
      .autoOrient()
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true }),
  );
  return { width: info.width, height: info.height, bytes: data };
}

/** libvips has words for what is wrong with a file, but no codes. */
async function refusing<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // A machine that is too busy is not the file's fault.
    if (error instanceof Error && error.message.startsWith('timeout')) throw error;
    throw notAPicture(error);
  }
}

function notAPicture(cause?: unknown): PictureRefusedError {
  return new PictureRefusedError('not_a_picture', 'the file is not a whole JPEG, PNG, WebP or AVIF picture', {
    cause,
  });
}
