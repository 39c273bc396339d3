import { writeFile } from 'node:fs/promises';
import { unsupported } from './ffmpeg.ts';
import { openPicture } from './picture.ts';

/** What WhatsApp shows of a sticker: 512×512 pixels, at most so many bytes, at most ten seconds. */
const side = 512;
const mostStaticBytes = 100_000;
const mostAnimatedBytes = 500_000;
const mostSeconds = 10;
/** More frames would take long and be far too large: 1 MB of memory each. */
const mostFrames = 120;

const qualities = [80, 50, 20, 5];
const transparent = { r: 0, g: 0, b: 0, alpha: 0 };

/** Frames that fit into the longest time, each at least 8 ms as WhatsApp wants it. */
function framesOf(pages: number, delays: readonly number[] = []): number {
  let ms = 0;
  let frames = 0;
  while (frames < Math.min(pages, mostFrames) && ms < mostSeconds * 1_000) {
    ms += Math.max(8, delays[frames] ?? 100);
    frames += 1;
  }
  return frames;
}

/**
 * Makes a sticker of a picture: WebP, padded with transparency, as good as its size allows. An animation that would be
 * too large even so is cut short.
 * @throws MediaError `MEDIA_UNSUPPORTED`; or what the library throws for a picture that it cannot read
 */
export async function makeSticker(path: string, target: string): Promise<{ animated: boolean; size: number }> {
  const { pages = 1, delay } = await (await openPicture(path, { animated: true })).metadata();
  const animated = pages > 1;
  const mostBytes = animated ? mostAnimatedBytes : mostStaticBytes;

  const encode = async (frames: number, quality: number) => {
    const picture = await openPicture(path, animated ? { pages: frames } : {});
    return picture
      .autoOrient()
      .resize({ width: side, height: side, fit: 'contain', background: transparent })
      .webp({ quality, alphaQuality: quality, effort: animated ? 2 : 4, loop: 0 })
      .toBuffer();
  };

  let frames = animated ? framesOf(pages, delay) : 1;
  let worst = 0;
  for (const quality of qualities) {
    const webp = await encode(frames, quality);
    if (webp.length <= mostBytes) return write(target, webp, frames);
    worst = webp.length;
  }
  while (frames > 1) {
    frames = Math.max(1, Math.min(frames - 1, Math.floor((0.95 * frames * mostBytes) / worst)));
    const webp = await encode(frames, qualities.at(-1) ?? 1);
    if (webp.length <= mostBytes) return write(target, webp, frames);
    worst = webp.length;
  }
  throw unsupported('does not fit into a sticker');
}

async function write(target: string, webp: Buffer, frames: number) {
  await writeFile(target, webp);
  return { animated: frames > 1, size: webp.length };
}
