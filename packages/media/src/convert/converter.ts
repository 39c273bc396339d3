import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFfmpeg, inputFile, unsupported } from './ffmpeg.ts';
import { openPicture, portraitOf, thumbnailOf, withPicture, writeJpeg } from './picture.ts';
import { measureSeconds, type Probe, probe, wholeSeconds } from './probe.ts';
import { makeSticker } from './sticker.ts';
import { createTurns } from './turns.ts';
import { createWaveform, waveformRate } from './waveform.ts';

/** What the names of work folders begin with. */
const prefix = 'flotilla-work-';
/** No conversion takes so long: what is older was left by a process that was killed (ms). */
const leftoverMs = 86_400_000;

export interface ConverterOptions {
  /** Program name on the PATH, or a path. */
  ffmpegPath: string;
  /** How many conversions run at a time in this process. */
  concurrency: number;
  /** Longest run of one program (ms). */
  timeoutMs: number;
  /** Largest file that a conversion may write (bytes). */
  maxBytes: number;
  /** Where work folders are made. Default: the system's folder for temporary files. */
  folder?: string;
}

export interface VoiceNote {
  /** `audio/ogg; codecs=opus`. */
  mimeType: string;
  seconds: number;
  /** 64 bars from 0 to 100. */
  waveform: Uint8Array;
}

export interface Film {
  width: number;
  height: number;
  seconds: number;
  /** The first frame, 72 pixels wide, as JPEG. */
  thumbnail: Buffer;
}

export interface Picture {
  /** As it is shown. */
  width: number;
  height: number;
  /** What it really is, whatever it was called. */
  mimeType: string;
  animated: boolean;
  /** 72 pixels wide, as JPEG. */
  thumbnail: Buffer;
}

export interface Sticker {
  mimeType: 'image/webp';
  animated: boolean;
  /** Bytes. */
  size: number;
}

export type Converter = ReturnType<typeof createConverter>;

/**
 * Makes of files what WhatsApp can show. Everything works on local files; `input` is never changed. Every function
 * throws `MediaError` (`MEDIA_UNSUPPORTED`, `MEDIA_CONVERTER_UNAVAILABLE`), or the signal's reason when it fires.
 */
export function createConverter({ ffmpegPath, concurrency, timeoutMs, maxBytes, folder }: ConverterOptions) {
  const ffmpeg = createFfmpeg({ path: ffmpegPath, timeoutMs });
  const inTurn = createTurns(concurrency);
  const limit = ['-fs', String(maxBytes)];
  let leftoversRemoved: Promise<void> | undefined;
  const spareBeside = (path: string, ending: string) => join(dirname(path), `${randomUUID()}.${ending}`);

  /** A file that was cut off at the limit is not what was asked for. */
  async function assertWhole(path: string) {
    if ((await stat(path)).size >= maxBytes) throw unsupported(`becomes larger than ${maxBytes} bytes`);
  }

  async function filmOf(input: string, found: Probe, signal?: AbortSignal): Promise<Film> {
    if (!found.video) throw unsupported('has no picture');
    const still = ['-map', '0:v:0', '-frames:v', '1', '-vf', 'scale=72:-2', '-pix_fmt', 'yuvj420p', '-q:v', '6'];
    const thumbnail = await ffmpeg.convert([...inputFile(input), ...still, '-f', 'mjpeg', 'pipe:1'], { signal });
    const seconds = found.seconds ?? (await measureSeconds(ffmpeg, input, signal));
    return { ...found.video, seconds: wholeSeconds(seconds), thumbnail };
  }

  /** An animated WebP, which ffmpeg cannot decode, as GIF; anything else stays what it is. */
  async function decodable(input: string): Promise<string> {
    const picture = await openPicture(input, { animated: true });
    const format = await picture.metadata().then(
      (metadata) => metadata.format,
      () => undefined,
    );
    if (format !== 'webp') return input;
    const gif = spareBeside(input, 'gif');
    await picture.gif().toFile(gif);
    return gif;
  }

  return {
    /**
     * Gives `work` an empty folder of its own, and removes it with everything in it when that has ended, however it
     * ends. Inputs and outputs of conversions belong there.
     */
    async inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
      const parent = folder ?? tmpdir();
      leftoversRemoved ??= removeLeftovers(parent);
      await leftoversRemoved;
      const path = await mkdtemp(join(parent, prefix));
      try {
        return await work(path);
      } finally {
        await rm(path, { recursive: true, force: true });
      }
    },

    /** Any sound, also that of a film, as voice note: Ogg with Opus, mono, 48 kHz. */
    voiceNote: (input: string, output: string, signal?: AbortSignal): Promise<VoiceNote> =>
      inTurn(signal, async () => {
        const drawing = createWaveform();
        const encode = ['-map', '0:a:0', '-map_metadata', '-1', '-ac', '1', '-ar', '48000', '-c:a', 'libopus'];
        const quality = ['-b:a', '32k', '-application', 'voip', '-f', 'ogg'];
        const decode = ['-map', '0:a:0', '-ac', '1', '-ar', String(waveformRate), '-f', 's16le', 'pipe:1'];
        await ffmpeg.convert([...inputFile(input), ...encode, ...quality, ...limit, `file:${output}`, ...decode], {
          signal,
          onOutput: drawing.add,
        });
        await assertWhole(output);
        const { seconds, waveform } = drawing.result();
        return { mimeType: 'audio/ogg; codecs=opus', seconds: wholeSeconds(seconds), waveform };
      }),

    /** Length of any sound, which is left as it is (s). */
    audio: (input: string, signal?: AbortSignal): Promise<{ seconds: number }> =>
      inTurn(signal, async () => {
        const found = await probe(ffmpeg, input, signal);
        if (!found.hasAudio) throw unsupported('has no sound');
        return { seconds: wholeSeconds(found.seconds ?? (await measureSeconds(ffmpeg, input, signal))) };
      }),

    /** Size, length and first frame of a film, which is left as it is. */
    video: (input: string, signal?: AbortSignal): Promise<Film> =>
      inTurn(signal, async () => filmOf(input, await probe(ffmpeg, input, signal), signal)),

    /** An animation (GIF, WebP, film) as MP4 without sound, for playing like a GIF. */
    gifPlayback: (input: string, output: string, signal?: AbortSignal): Promise<Film & { mimeType: 'video/mp4' }> =>
      inTurn(signal, async () => {
        const source = await decodable(input);
        try {
          // H.264 as phones decode it wants even sides.
          const scale = ['-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2', '-pix_fmt', 'yuv420p', '-an'];
          const encode = [
            '-c:v',
            'libx264',
            '-preset',
            'veryfast',
            '-crf',
            '26',
            '-movflags',
            '+faststart',
            '-f',
            'mp4',
          ];
          await ffmpeg.convert(
            [...inputFile(source), '-map', '0:v:0', ...scale, ...encode, ...limit, `file:${output}`],
            {
              signal,
            },
          );
        } finally {
          if (source !== input) await rm(source, { force: true });
        }
        await assertWhole(output);
        return { ...(await filmOf(output, await probe(ffmpeg, output, signal), signal)), mimeType: 'video/mp4' };
      }),

    /** Size and thumbnail of a picture, which is left as it is. */
    image: (input: string, signal?: AbortSignal): Promise<Picture> =>
      inTurn(signal, async () => {
        const spare = spareBeside(input, 'png');
        try {
          return await withPicture(ffmpeg, { path: input, spare, signal }, async (path) => {
            const metadata = await (await openPicture(path, { animated: true })).metadata();
            return {
              width: metadata.autoOrient.width,
              height: metadata.pageHeight ?? metadata.autoOrient.height,
              // Read by way of ffmpeg, it is not what is on the disk.
              mimeType: path === input ? `image/${metadata.format}` : 'application/octet-stream',
              animated: (metadata.pages ?? 1) > 1,
              thumbnail: await thumbnailOf(path),
            };
          });
        } finally {
          await rm(spare, { force: true });
        }
      }),

    /** Any picture as profile picture: the middle of it, square, as JPEG. */
    portrait: (input: string, signal?: AbortSignal): Promise<Buffer> =>
      inTurn(signal, async () => {
        const spare = spareBeside(input, 'png');
        try {
          return await withPicture(ffmpeg, { path: input, spare, signal }, portraitOf);
        } finally {
          await rm(spare, { force: true });
        }
      }),

    /** Any picture as JPEG: for what phones do not show as it is. */
    jpeg: (input: string, output: string, signal?: AbortSignal): Promise<void> =>
      inTurn(signal, async () => {
        const spare = spareBeside(input, 'png');
        try {
          await withPicture(ffmpeg, { path: input, spare, signal }, (path) => writeJpeg(path, output));
        } finally {
          await rm(spare, { force: true });
        }
      }),

    /** Any picture, animated or not, as sticker: WebP of 512×512 pixels, at most 100 kB, animated 500 kB. */
    sticker: (input: string, output: string, signal?: AbortSignal): Promise<Sticker> =>
      inTurn(signal, async () => {
        const spare = spareBeside(input, 'png');
        try {
          const made = await withPicture(ffmpeg, { path: input, spare, signal }, (path) => makeSticker(path, output));
          return { mimeType: 'image/webp', ...made };
        } finally {
          await rm(spare, { force: true });
        }
      }),
  };
}

/** Removes work folders of processes that were killed. What cannot be removed is left. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(prefix))) {
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs + leftoverMs < Date.now())
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
