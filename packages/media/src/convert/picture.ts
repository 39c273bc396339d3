import type { Sharp } from 'sharp';
import { MediaError } from '../errors.ts';
import { type Ffmpeg, inputFile, mostPixels, unsupported } from './ffmpeg.ts';

/** Formats that are read. What is missing, such as SVG and PDF, could name other files. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];

let loading: ReturnType<typeof load> | undefined;
async function load() {
  const { default: sharp } = await import('sharp');
  // Each picture is seen once: a cache only takes memory. Turns bound how many are worked on.
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}

/** Frames of an animation, as many as are wanted. */
interface Frames {
  animated?: boolean;
  pages?: number;
}

/**
 * Opens a picture. It is loaded with the first one: 15 MB of memory that text alone does not need.
 * @param path a file; nothing is read yet
 */
export async function openPicture(path: string, { animated = false, pages }: Frames = {}): Promise<Sharp> {
  loading ??= load();
  const sharp = await loading;
  return sharp(path, {
    limitInputPixels: mostPixels,
    failOn: 'error',
    ...(pages === undefined ? { animated } : { pages }),
  });
}

/**
 * Runs `work` on a picture. If the library cannot read the format (such as BMP), on what ffmpeg makes of it.
 * @param spare where ffmpeg may write a PNG
 * @throws MediaError `MEDIA_UNSUPPORTED`
 */
export async function withPicture<T>(
  ffmpeg: Ffmpeg,
  { path, spare, signal }: { path: string; spare: string; signal?: AbortSignal },
  work: (path: string) => Promise<T>,
): Promise<T> {
  try {
    return await work(path);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MediaError) throw error;
    try {
      await ffmpeg.convert(
        [...inputFile(path), '-map', '0:v:0', '-frames:v', '1', '-c:v', 'png', '-f', 'image2', spare],
        {
          signal,
        },
      );
      return await work(spare);
    } catch (second) {
      if (signal?.aborted || (second instanceof MediaError && second.code === 'MEDIA_CONVERTER_UNAVAILABLE'))
        throw second;
      throw unsupported('is not a picture that can be read', error);
    }
  }
}

/** A small JPEG for the moment before the picture itself is there. */
export async function thumbnailOf(path: string): Promise<Buffer> {
  const picture = await openPicture(path);
  return picture.autoOrient().resize({ width: 72 }).flatten({ background: '#ffffff' }).jpeg({ quality: 50 }).toBuffer();
}

/** A picture as JPEG, turned as it is shown; what is transparent becomes white. */
export async function writeJpeg(path: string, target: string): Promise<void> {
  const picture = await openPicture(path);
  await picture.autoOrient().flatten({ background: '#ffffff' }).jpeg({ quality: 90 }).toFile(target);
}

/** Side of a profile picture (pixels), as WhatsApp shows it at most. */
const portraitSide = 640;

/** A picture as profile picture: the middle of it, square, as JPEG. */
export async function portraitOf(path: string): Promise<Buffer> {
  const picture = await openPicture(path);
  return picture
    .autoOrient()
    .resize({ width: portraitSide, height: portraitSide, fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 80 })
    .toBuffer();
}
