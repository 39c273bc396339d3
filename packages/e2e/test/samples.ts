import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const start = promisify(execFile);

/** Arguments of ffmpeg that make each sample, from test pictures and tones. */
const recipes = {
  'picture.jpg': ['-f', 'lavfi', '-i', 'testsrc=s=320x240', '-frames:v', '1'],
  'picture.png': ['-f', 'lavfi', '-i', 'testsrc2=s=300x200', '-frames:v', '1'],
  'picture.bmp': ['-f', 'lavfi', '-i', 'testsrc=s=64x48', '-frames:v', '1'],
  'film.mp4': [
    ...['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10:d=2', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=2'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'],
  ],
  'moving.gif': ['-f', 'lavfi', '-i', 'testsrc=s=101x75:r=5:d=1'],
  'tone.mp3': ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3'],
  'tone.wav': ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1'],
} satisfies Record<string, string[]>;
export type SampleName = keyof typeof recipes;

/** Files that tests send. */
export interface Samples {
  bytes(name: SampleName): Buffer;
  /** What ffprobe says of some bytes. */
  probe(bytes: Buffer): Promise<{ codecs: string[]; format: string; channels?: number }>;
  remove(): Promise<void>;
}

/** Makes all samples. */
export async function makeSamples(): Promise<Samples> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-samples-'));
  const files = new Map<string, Buffer>();
  for (const [name, recipe] of Object.entries(recipes)) {
    const path = join(folder, name);
    await start('ffmpeg', ['-v', 'error', '-y', ...recipe, path], { timeout: 30_000 });
    files.set(name, await readFile(path));
  }
  return {
    bytes(name) {
      const found = files.get(name);
      if (!found) throw new Error(`There is no sample ${name}`);
      return found;
    },
    async probe(bytes) {
      const path = join(folder, 'probed');
      await writeFile(path, bytes);
      const { stdout } = await start('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', path]);
      const { streams, format } = JSON.parse(stdout) as {
        streams: { codec_name: string; channels?: number }[];
        format: { format_name: string };
      };
      return {
        codecs: streams.map(({ codec_name }) => codec_name),
        format: format.format_name,
        channels: streams.find(({ channels }) => channels !== undefined)?.channels,
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
