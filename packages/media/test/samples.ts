import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { createConverter } from '../src/convert/converter.ts';

const start = promisify(execFile);

/** Makes a file with ffmpeg, such as from a test tone or a test picture. */
export const generate = (...args: string[]) => start('ffmpeg', ['-v', 'error', '-y', ...args], { timeout: 30_000 });

/** What ffprobe says of a file. */
export async function describe(path: string) {
  const { stdout } = await start('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', path]);
  return JSON.parse(stdout) as {
    format: { format_name: string; duration: string };
    streams: { codec_name: string; channels?: number; sample_rate?: string; pix_fmt?: string; width?: number }[];
  };
}

/** A test with a folder of its own and a converter that works beside it; whatever the converter leaves fails the test. */
export const convertTest = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-convert-'));
    onCleanup(() => rm(folder, { recursive: true }));
    return folder;
  })
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('workFolder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-work-'));
    onCleanup(async () => {
      const left = await readdir(folder);
      await rm(folder, { recursive: true });
      if (left.length > 0) throw new Error(`The converter has left ${left.join(', ')}`);
    });
    return folder;
  })
  .extend('converter', async ({ workFolder }) =>
    createConverter({
      ffmpegPath: 'ffmpeg',
      concurrency: 2,
      timeoutMs: 30_000,
      maxBytes: 50_000_000,
      folder: workFolder,
    }),
  )
  .extend(
    'path',
    async ({ folder }) =>
      (name: string) =>
        join(folder, name),
  );

/** Whether a file begins as a JPEG does. */
export const isJpeg = (bytes: Buffer) => bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff));
