import { readFile, stat, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, describe as group } from 'vitest';
import { convertTest, describe, generate, isJpeg } from './samples.ts';

const film = (size: string, seconds = 2) => ['-f', 'lavfi', '-i', `testsrc=duration=${seconds}:size=${size}:rate=10`];
const noise = (size: string, seconds: number) => [
  ...['-f', 'lavfi', '-i', `nullsrc=size=${size}:rate=20:duration=${seconds},geq=random(1)*255:128:128`],
];

group('a film', () => {
  convertTest('is measured, and its first frame is shown', async ({ converter, path }) => {
    await generate(...film('640x360', 3), '-pix_fmt', 'yuv420p', path('film.mp4'));
    const { thumbnail, ...rest } = await converter.video(path('film.mp4'));
    expect(rest).toEqual({ width: 640, height: 360, seconds: 3 });
    expect(isJpeg(thumbnail)).toBe(true);
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 72, height: 40 });
    expect(thumbnail.length).toBeLessThan(5_000);
  });

  convertTest('that was filmed upright is upright', async ({ converter, path }) => {
    await generate(...film('640x360'), '-pix_fmt', 'yuv420p', path('flat.mp4'));
    await generate('-display_rotation', '90', '-i', path('flat.mp4'), '-c', 'copy', path('upright.mp4')).catch(() =>
      generate('-i', path('flat.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', path('upright.mp4')),
    );
    const { thumbnail, width, height } = await converter.video(path('upright.mp4'));
    expect([width, height]).toEqual([360, 640]);
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 72, height: 128 });
  });

  convertTest('is not a sound, nor a text', async ({ converter, path }) => {
    await generate('-f', 'lavfi', '-i', 'sine=duration=1', path('tone.mp3'));
    await writeFile(path('text'), 'no film');
    await expect(converter.video(path('tone.mp3'))).rejects.toMatchObject({ detail: 'has no picture' });
    await expect(converter.video(path('text'))).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
  });
});

group('GIF playback', () => {
  convertTest('is made of a GIF with odd sides', async ({ converter, path }) => {
    await generate(...film('101x75'), path('a.gif'));
    const made = await converter.gifPlayback(path('a.gif'), path('a.mp4'));
    expect(made).toMatchObject({ width: 100, height: 74, seconds: 2, mimeType: 'video/mp4' });
    expect(isJpeg(made.thumbnail)).toBe(true);
    const { format, streams } = await describe(path('a.mp4'));
    expect(format.format_name).toContain('mp4');
    expect(streams).toEqual([expect.objectContaining({ codec_name: 'h264', pix_fmt: 'yuv420p' })]);
  });

  convertTest('is made of an animated WebP, and of a film without its sound', async ({ converter, path }) => {
    await generate(...film('64x64'), '-c:v', 'libwebp_anim', path('a.webp'));
    await generate(...film('64x64'), '-f', 'lavfi', '-i', 'sine=duration=2', path('a.mov'));
    for (const name of ['a.webp', 'a.mov']) {
      expect(await converter.gifPlayback(path(name), path('a.mp4')), name).toMatchObject({ width: 64, seconds: 2 });
      expect((await describe(path('a.mp4'))).streams, name).toHaveLength(1);
    }
  });
});

group('a picture that phones do not show', () => {
  convertTest('becomes a JPEG', async ({ converter, path }) => {
    await generate(...film('64x48'), '-frames:v', '1', path('a.bmp'));
    await generate(...film('64x48'), '-frames:v', '1', path('a.tiff'));
    for (const name of ['a.bmp', 'a.tiff']) {
      await converter.jpeg(path(name), path('a.jpg'));
      expect(await sharp(path('a.jpg')).metadata(), name).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
    }
    await writeFile(path('text'), 'no picture');
    await expect(converter.jpeg(path('text'), path('b.jpg'))).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
  });
});

group('a picture', () => {
  convertTest.for(['jpg', 'png', 'webp', 'tiff', 'gif', 'bmp'])(
    'as %s is measured and made small',
    async (ending, { converter, path }) => {
      const input = path(`picture.${ending}`);
      await generate(...film('300x200', 0.1), '-frames:v', '1', input);
      const picture = await converter.image(input);
      expect(picture).toMatchObject({ width: 300, height: 200, animated: false });
      if (ending !== 'bmp') expect(picture.mimeType).toBe(`image/${ending.replace('jpg', 'jpeg')}`);
      expect(isJpeg(picture.thumbnail)).toBe(true);
      expect(await sharp(picture.thumbnail).metadata()).toMatchObject({ width: 72, height: 48 });
      expect(picture.thumbnail.length).toBeLessThan(3_000);
    },
  );

  convertTest('that a camera turned is shown as it was meant', async ({ converter, path }) => {
    await generate(...film('300x200', 0.1), '-frames:v', '1', path('flat.png'));
    await sharp(path('flat.png')).withMetadata({ orientation: 6 }).jpeg().toFile(path('turned.jpg'));
    const picture = await converter.image(path('turned.jpg'));
    expect(picture).toMatchObject({ width: 200, height: 300 });
    expect(await sharp(picture.thumbnail).metadata()).toMatchObject({ width: 72, height: 108 });
  });

  convertTest('is neither a drawing that could name files nor a text', async ({ converter, path }) => {
    await writeFile(path('a.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>');
    await writeFile(path('a.txt'), 'text');
    for (const name of ['a.svg', 'a.txt', 'missing'])
      await expect(converter.image(path(name)), name).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
  });

  convertTest('that would fill the memory is refused', async ({ converter, path }) => {
    await sharp({ create: { width: 15_000, height: 15_000, channels: 3, background: '#fff' }, limitInputPixels: false })
      .png({ compressionLevel: 1 })
      .toFile(path('bomb.png'));
    await expect(converter.image(path('bomb.png'))).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
  });
});

group('a sticker', () => {
  convertTest('of a transparent picture keeps its transparency and is padded with it', async ({ converter, path }) => {
    await sharp({ create: { width: 200, height: 100, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } })
      .png()
      .toFile(path('red.png'));
    expect(await converter.sticker(path('red.png'), path('s.webp'))).toMatchObject({
      mimeType: 'image/webp',
      animated: false,
    });
    const { data, info } = await sharp(path('s.webp')).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 512, height: 512, channels: 4 });
    const alphaAt = (x: number, y: number) => data[(y * 512 + x) * 4 + 3];
    expect(alphaAt(256, 10)).toBe(0);
    expect(Math.abs((alphaAt(256, 256) ?? 0) - 128)).toBeLessThan(10);
  });

  convertTest.for(['jpg', 'bmp', 'webp'])('is made of %s', async (ending, { converter, path }) => {
    await generate(...film('300x200', 0.1), '-frames:v', '1', path(`a.${ending}`));
    await converter.sticker(path(`a.${ending}`), path('s.webp'));
    expect(await sharp(path('s.webp')).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 });
  });

  convertTest.for(['gif', 'webp'])('moves if the %s did', async (ending, { converter, path }) => {
    const args = ending === 'webp' ? ['-c:v', 'libwebp_anim', '-loop', '0'] : [];
    await generate(...film('160x120'), ...args, path(`a.${ending}`));
    expect(await converter.sticker(path(`a.${ending}`), path('s.webp'))).toMatchObject({ animated: true });
    const { pages, pageHeight, width, loop, delay } = await sharp(path('s.webp'), { animated: true }).metadata();
    expect({ pages, pageHeight, width, loop }).toEqual({ pages: 20, pageHeight: 512, width: 512, loop: 0 });
    expect(delay?.[0]).toBe(100);
  });

  convertTest('is small enough even if it is made of noise', async ({ converter, path }) => {
    await generate(...noise('512x512', 0.1), '-frames:v', '1', path('noise.png'));
    const still = await converter.sticker(path('noise.png'), path('still.webp'));
    expect(still.size).toBe((await stat(path('still.webp'))).size);
    expect(still.size).toBeLessThanOrEqual(100_000);

    await generate(...noise('160x160', 2), path('noise.gif'));
    const moving = await converter.sticker(path('noise.gif'), path('moving.webp'));
    expect(moving.size).toBeLessThanOrEqual(500_000);
    expect((await readFile(path('moving.webp'))).length).toBe(moving.size);
  });

  convertTest('is not made of a text', async ({ converter, path }) => {
    await writeFile(path('a.txt'), 'text');
    await expect(converter.sticker(path('a.txt'), path('s.webp'))).rejects.toMatchObject({
      code: 'MEDIA_UNSUPPORTED',
    });
  });
});

group('a profile picture', () => {
  convertTest('is the middle of any picture, square', async ({ converter, path }) => {
    await generate(...film('900x500', 0.1), '-frames:v', '1', path('wide.png'));
    const portrait = await converter.portrait(path('wide.png'));
    expect(isJpeg(portrait)).toBe(true);
    expect(await sharp(portrait).metadata()).toMatchObject({ width: 640, height: 640 });
  });
});
